/** The few attempts that whoever has no weight is let have, so that it is found out when it is well again. */
export class Probes<T extends { readonly name: string }> {
  #left = new Map<T, number>()
  #refilledAt = Number.NEGATIVE_INFINITY

  /** So many for each of them, anew in each `perMs`; nobody else has any. */
  allow(choices: readonly T[], count: number, now: number, perMs: number): void {
    const isDue = now - this.#refilledAt >= perMs
    if (isDue) this.#refilledAt = now
    const left = this.#left
    this.#left = new Map(choices.map((choice) => [choice, isDue ? count : (left.get(choice) ?? 0)]))
  }

  take(): T | undefined {
    if (this.#left.size === 0) return undefined
    for (const [choice, left] of this.#left) {
      if (left === 0) continue
      this.#left.set(choice, left - 1)
      return choice
    }
    return undefined
  }
}
