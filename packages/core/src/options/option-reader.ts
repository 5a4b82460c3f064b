import { parseDuration } from '../duration/index.js'
import { ReachError, shownName, type ReachErrorCode } from '../spec/index.js'
import { describeKind } from './describe-kind.js'
import { nearestName } from './nearest-name.js'

type AnyFunction = (...given: unknown[]) => unknown

/** True for an object that has fields of its own: not null, an array, a function or a Date. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/**
 * Reads options that may have come from untyped code, one field at a time, and refuses the first wrong one with
 * `code`: the text names the subject, the field, what is allowed and which kind of value was given. A field that is
 * left out or undefined reads as undefined.
 */
export class OptionReader {
  readonly #code: ReachErrorCode
  readonly #subject: string
  readonly #fields: Readonly<Record<string, unknown>>

  /** `subject` opens every error: `message 'order.paid'`. Any field that is not in `known` is refused here. */
  constructor(code: ReachErrorCode, subject: string, options: unknown, known: readonly string[]) {
    this.#code = code
    this.#subject = subject
    if (!isFields(options)) {
      throw new ReachError(code, `${subject}: the options must be an object, and were ${describeKind(options)}.`)
    }
    this.#fields = options
    this.#refuseUnknown(known)
  }

  raw(field: string): unknown {
    return this.#fields[field]
  }

  /** Throws the error for one field: `allowed` completes "must be ...". */
  refuse(field: string, allowed: string, cause?: unknown): never {
    const given = describeKind(this.#fields[field])
    const text = `${this.#subject}: ${field} must be ${allowed}, and was ${given}.`
    throw new ReachError(this.#code, text, cause === undefined ? {} : { cause })
  }

  text(field: string): string | undefined {
    const value = this.#fields[field]
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    return this.refuse(field, 'a string that is not empty')
  }

  choice<const Choice extends string>(field: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    return choices.find((choice) => choice === value) ?? this.refuse(field, `one of ${choices.join(', ')}`)
  }

  whole(field: string, least: number): number | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    return this.refuse(field, `a whole number of at least ${least}`)
  }

  flag(field: string): boolean | undefined {
    const value = this.#fields[field]
    if (value === undefined || typeof value === 'boolean') return value
    return this.refuse(field, 'true or false')
  }

  func(field: string): AnyFunction | undefined {
    const value = this.#fields[field]
    if (value === undefined || isFunction(value)) return value
    return this.refuse(field, 'a function')
  }

  /** A duration such as '2h' in milliseconds, at least `leastMs`. */
  durationMs(field: string, leastMs = 0): number | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    const durationMs = this.#parseDuration(field, value)
    return durationMs >= leastMs ? durationMs : this.refuse(field, `a duration of at least ${leastMs}ms`)
  }

  #parseDuration(field: string, value: unknown): number {
    try {
      return parseDuration(value, field)
    } catch (cause) {
      return this.refuse(field, "a duration: a number and ms, s, m, h, d or w, such as '2h'", cause)
    }
  }

  #refuseUnknown(known: readonly string[]): void {
    for (const field of Object.keys(this.#fields)) {
      if (known.includes(field)) continue
      const near = nearestName(field, known)
      const hint = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean '${near}'?`
      throw new ReachError(this.#code, `${this.#subject}: there is no option '${shownName(field)}'. ${hint}`)
    }
  }
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}
