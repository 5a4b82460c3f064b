import { describeKind } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import { bounds } from './bounds.js'

/** Where a parser stands in the tree, and how much of it there was so far. */
export class Place {
  readonly #size: { parts: number; values: number }

  private constructor(
    /** As an error names it: `segment.all[1].not`. */
    readonly path: string,
    readonly level: number,
    size: { parts: number; values: number },
  ) {
    this.#size = size
  }

  static root(): Place {
    return new Place('segment', 1, { parts: 0, values: 0 })
  }

  inner(step: string): Place {
    return new Place(`${this.path}${step}`, this.level + 1, this.#size)
  }

  /** Counts a part of the tree. @throws ReachError where it is too deep or too large. */
  countPart(): void {
    if (this.level > bounds.levels) throw this.invalid(`is nested deeper than ${bounds.levels} levels`)
    this.#size.parts += 1
    if (this.#size.parts > bounds.parts) throw this.invalid(`is too much: a segment has at most ${bounds.parts} parts`)
  }

  countValues(count: number): void {
    this.#size.values += count
    if (this.#size.values <= bounds.values) return
    throw this.invalid(`is too much: the lists of a segment have at most ${bounds.values} values together`)
  }

  /** `allowed` completes "must be". The kind of what was given is told, never the value. */
  refuse(allowed: string, given: unknown): never {
    throw this.invalid(`must be ${allowed}, and was ${describeKind(given)}`)
  }

  invalid(what: string): ReachError {
    return new ReachError('REACH_SEGMENT_INVALID', `${this.path} ${what}${what.endsWith('?') ? '' : '.'}`)
  }
}
