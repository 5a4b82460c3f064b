import type { NewParcel } from '@reachkit/core/spec'
import { decodeBody } from '../parcel/body.js'
import type { ParcelBody } from '../parcel/body.js'
import { encodeRuns } from '../parcel/runs.js'

/**
 * Bodies of parcels that this process accepted or read lately: one that accepts and works need not read and unpack them
 * again, nor does one that works on several entries of a parcel. What is in a body never changes.
 */
export class BodyCache {
  readonly #bodies = new Map<string, ParcelBody>()
  #messages = 0
  #read = false

  constructor(readonly limit: number) {}

  /** Whoever asks the store for the rest of a parcel keeps this until it answers: meanwhile, it may be let go here. */
  find(parcel: string): ParcelBody | undefined {
    return this.#bodies.get(parcel)
  }

  get(parcel: string, stored: Buffer | undefined): ParcelBody | undefined {
    this.#read = true
    const known = this.#bodies.get(parcel)
    if (known !== undefined || stored === undefined) return known
    const body = decodeBody(stored)
    this.#keep(parcel, body)
    return body
  }

  /** Not kept by a process that accepts alone: it would hold what nobody asks for. */
  accepted(parcel: NewParcel): void {
    if (!this.#read || this.#bodies.has(parcel.id)) return
    this.#keep(parcel.id, {
      run: parcel.cursor?.run,
      messages: parcel.messages,
      entries: () =>
        parcel.entries.flatMap(({ id, lane, cargo }) =>
          cargo.kind === 'messages' ? [{ id, lane, runs: encodeRuns(cargo.positions, 0) }] : [],
        ),
      digests: () => parcel.messages.map(({ digest }) => digest),
    })
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
