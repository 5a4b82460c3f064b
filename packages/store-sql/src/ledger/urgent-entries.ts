import type { Claim, Envelope, Settlement } from '@reachkit/core/spec'

/** So many are remembered; one that is forgotten waits as others do. */
const most = 10_000

/** Entries of urgent messages that this process holds: a slice of them says nothing of its lane. */
export class UrgentEntries {
  readonly #held = new Set<string>()

  readonly has = ({ entry }: { readonly entry: string }): boolean => this.#held.has(entry)

  claimed(envelopes: readonly Envelope[], claims: readonly Claim[]): void {
    for (const [index, { id, lane }] of envelopes.entries())
      if (lane === 'P0' && claims[index]?.status === 'claimed') this.#held.add(id)
    for (const oldest of this.#held) {
      if (this.#held.size <= most) return
      this.#held.delete(oldest)
    }
  }

  settled(settlements: readonly Settlement[]): void {
    for (const { entry, finish } of settlements) if (finish) this.#held.delete(entry)
  }
}
