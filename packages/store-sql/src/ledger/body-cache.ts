import type { ParcelBodies } from './bodies.js'

/** Bodies that this process wrote or read lately, within a bound of characters. They never change, so none is ever stale. */
export class BodyCache {
  readonly #most: number
  readonly #parcels = new Map<string, { readonly found: ParcelBodies; readonly size: number }>()
  #size = 0

  constructor(mostCharacters: number) {
    this.#most = mostCharacters
  }

  get(parcel: string): ParcelBodies | undefined {
    return this.#parcels.get(parcel)?.found
  }

  set(parcel: string, found: ParcelBodies): void {
    if (this.#parcels.has(parcel)) return
    // What an object takes beside its text.
    const size = found.bodies.reduce((sum, { data, inline }) => sum + data.length + (inline?.length ?? 0) + 200, 0)
    this.#parcels.set(parcel, { found, size })
    this.#size += size
    if (this.#size > this.#most) this.#shrink()
  }

  delete(parcel: string): void {
    const known = this.#parcels.get(parcel)
    if (known === undefined) return
    this.#parcels.delete(parcel)
    this.#size -= known.size
  }

  /** The oldest go first. */
  #shrink(): void {
    for (const parcel of this.#parcels.keys()) {
      if (this.#size <= this.#most) return
      this.delete(parcel)
    }
  }
}
