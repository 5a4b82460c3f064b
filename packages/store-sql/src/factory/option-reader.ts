import { ReachError, shownName } from '@reachkit/core/spec'

/** How people write a length of time: a number and its unit, such as '90s' or '7d'. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`

const units: ReadonlyMap<string, number> = new Map([
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
])

/** Reads options one field at a time: the error names the field and what is allowed, never the value. */
export class OptionReader {
  readonly #place: string
  readonly #fields: Readonly<Record<string, unknown>>

  /** `place` opens every error. Fields that are not in `known` are refused. */
  constructor(place: string, options: unknown, known: readonly string[]) {
    this.#place = place
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new ReachError('REACH_OPTION_INVALID', `${place}: the options must be an object`)
    }
    this.#fields = { ...options }
    const unknown = Object.keys(this.#fields).find((name) => !known.includes(name))
    if (unknown !== undefined) {
      const text = `${place}: there is no option '${shownName(unknown)}'; there are ${known.join(', ')}`
      throw new ReachError('REACH_OPTION_INVALID', text)
    }
  }

  refuse(field: string, allowed: string): never {
    throw new ReachError('REACH_OPTION_INVALID', `${this.#place}: ${field} must be ${allowed}`)
  }

  text(field: string): string | undefined {
    const value = this.#fields[field]
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    return this.refuse(field, 'text that is not empty')
  }

  func(field: string): ((...given: never[]) => unknown) | undefined {
    const value = this.#fields[field]
    if (value === undefined || typeof value === 'function') return value as ReturnType<OptionReader['func']>
    return this.refuse(field, 'a function')
  }

  flag(field: string): boolean | undefined {
    const value = this.#fields[field]
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(field, 'true or false')
  }

  choice<const Choice extends string>(field: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    return choices.find((choice) => choice === value) ?? this.refuse(field, `one of ${choices.join(', ')}`)
  }

  whole(field: string, least: number, most: number): number | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    return this.refuse(field, `a whole number from ${least} to ${most}`)
  }

  /** A duration in milliseconds, at least `leastMs`. */
  durationMs(field: string, leastMs = 0): number | undefined {
    const value = this.#fields[field]
    if (value === undefined) return undefined
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(value) : null
    const durationMs = Math.round(Number(match?.[1]) * Number(units.get(match?.[2] ?? '')))
    if (Number.isSafeInteger(durationMs) && durationMs >= leastMs) return durationMs
    return this.refuse(field, `a duration of at least ${leastMs} ms, such as '90s', '2h' or '7d'`)
  }
}
