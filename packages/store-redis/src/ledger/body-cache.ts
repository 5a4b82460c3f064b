import type { NewParcel } from '@reachkit/core/spec'
import { decodeBody } from '../parcel/body.js'
import type { ParcelBody } from '../parcel/body.js'
import { decodeRuns, encodeRuns } from '../parcel/runs.js'

/**
 * Bodies of parcels that this process accepted or read lately: one that accepts and works need not read and unpack them
 * again, nor does one that works on several entries of a parcel. What is in a body never changes.
 */
export class BodyCache {
  readonly #bodies = new Map<string, ParcelBody>()
  #messages = 0

  constructor(readonly limit: number) {}

  has(parcel: string): boolean {
    return this.#bodies.has(parcel)
  }

  get(parcel: string, stored: Buffer | undefined): ParcelBody | undefined {
    const known = this.#bodies.get(parcel)
    if (known !== undefined || stored === undefined) return known
    const body = decodeBody(stored)
    this.#keep(parcel, body)
    return body
  }

  accepted(parcel: NewParcel): void {
    if (this.#bodies.has(parcel.id)) return
    const entries = parcel.entries.flatMap(({ id, lane, cargo }) => {
      if (cargo.kind !== 'messages') return []
      return [{ id, lane, positions: new Set(decodeRuns(encodeRuns(cargo.positions, 0)).positions) }]
    })
    const digests = parcel.messages.map(({ digest }) => digest)
    this.#keep(parcel.id, { messages: parcel.messages, entries, digests })
  }

  drop(parcel: string): void {
    const body = this.#bodies.get(parcel)
    if (body === undefined) return
    this.#bodies.delete(parcel)
    this.#messages -= body.messages.length
  }

  #keep(parcel: string, body: ParcelBody): void {
    this.#bodies.set(parcel, body)
    this.#messages += body.messages.length
    for (const oldest of this.#bodies.keys()) {
      if (this.#messages <= this.limit) return
      this.drop(oldest)
    }
  }
}
