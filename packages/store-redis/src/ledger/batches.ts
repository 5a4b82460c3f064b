/** Scripts are bounded, so that the server is never kept from others for long. */
const mostElements = 64
const mostMessages = 500

/** Splits what goes to one tag into calls of bounded size, in order. */
export function batches<T>(items: readonly T[], sizeOf: (item: T) => number): T[][] {
  const all: T[][] = []
  let batch: T[] = []
  let size = 0
  for (const item of items) {
    const more = Math.max(1, sizeOf(item))
    if (batch.length > 0 && (batch.length >= mostElements || size + more > mostMessages)) {
      all.push(batch)
      batch = []
      size = 0
    }
    batch.push(item)
    size += more
  }
  if (batch.length > 0) all.push(batch)
  return all
}

/** Groups items by their tag, keeping their order. */
export function grouped<K, T>(items: Iterable<T>, keyOf: (item: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Gives way to others once this stretch has taken some milliseconds. */
export class Turns {
  #since = performance.now()

  async pass(): Promise<void> {
    if (performance.now() - this.#since < 4) return
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.#since = performance.now()
  }
}
