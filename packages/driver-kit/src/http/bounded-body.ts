/** The bytes of an answer, up to a bound. */
export class BoundedBody {
  readonly chunks: Uint8Array[] = []
  readonly #max: number
  #length = 0

  constructor(max: number) {
    this.#max = max
  }

  /** False where this would be more than the bound. */
  add(chunk: Uint8Array): boolean {
    this.#length += chunk.length
    if (this.#length > this.#max) return false
    this.chunks.push(chunk)
    return true
  }
}
