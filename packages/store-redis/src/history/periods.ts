/**
 * Indexes of history are cut into periods, each of which expires as a whole: an eighth of the time that history is kept,
 * so that nothing is kept for more than nine eighths of it.
 */
export class Periods {
  readonly lengthMs: number

  constructor(readonly historyMs: number) {
    this.lengthMs = Math.max(1_000, Math.ceil(historyMs / 8))
  }

  of(instant: number): number {
    return Math.floor(instant / this.lengthMs)
  }

  /** When the last of a period may be forgotten. */
  endOf(period: number): number {
    return (period + 1) * this.lengthMs + this.historyMs
  }

  /** The newest first. */
  between(from: number, to: number): number[] {
    const oldest = this.of(from)
    const periods: number[] = []
    for (let period = this.of(to); period >= oldest; period -= 1) periods.push(period)
    return periods
  }
}
