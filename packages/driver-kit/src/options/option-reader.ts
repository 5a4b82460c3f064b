import { ReachError, shownName } from '@reachkit/core/spec'
import { isWebUrl } from '../content/web-url.js'

/**
 * Reads options one field at a time and refuses the first wrong one with REACH_OPTION_INVALID: the error names the
 * field and what is allowed, never the value. A field that is left out, or undefined, reads as undefined.
 */
export class OptionReader {
  readonly #place: string
  readonly #fields: Readonly<Record<string, unknown>>

  /** `place` opens every error: `smtp`, or `smtp pool` for options within one. Fields not in `known` are refused. */
  constructor(place: string, options: unknown, known: readonly string[]) {
    this.#place = place
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new ReachError('REACH_OPTION_INVALID', `${place}: the options must be an object`)
    }
    this.#fields = { ...options }
    const unknown = Object.keys(this.#fields).find((name) => !known.includes(name))
    if (unknown !== undefined) {
      throw new ReachError(
        'REACH_OPTION_INVALID',
        `${place}: there is no option '${shownName(unknown)}'; there are ${known.join(', ')}`,
      )
    }
  }

  refuse(field: string, allowed: string): never {
    throw new ReachError('REACH_OPTION_INVALID', `${this.#place}: ${field} must be ${allowed}`)
  }

  /** The value of a field if it passes the guard. */
  read<Value>(field: string, guard: (value: unknown) => value is Value, allowed: string): Value | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    return guard(value) ? value : this.refuse(field, allowed)
  }

  required<Value>(value: Value | undefined, field: string): Value {
    return value ?? this.refuse(field, 'given')
  }

  text(field: string): string | undefined {
    return this.read(field, isText, 'text of one line that is not empty')
  }

  /** An http or https address. */
  webUrl(field: string): string | undefined {
    return this.read(field, isWebUrl, 'an http or https address without a user and password')
  }

  flag(field: string): boolean | undefined {
    return this.read(field, isFlag, 'true or false')
  }

  /** A whole number, 1 and up. */
  count(field: string, max: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const isCount = (value: unknown): value is number =>
      Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max
    return this.read(
      field,
      isCount,
      max === Number.MAX_SAFE_INTEGER ? 'a whole number of at least 1' : `a whole number from 1 to ${max}`,
    )
  }

  /** Options within an option; an absent one reads as empty. */
  inner(field: string, known: readonly string[]): OptionReader {
    return new OptionReader(`${this.#place} ${field}`, this.#fields[field] ?? {}, known)
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined
  }
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value)
}
