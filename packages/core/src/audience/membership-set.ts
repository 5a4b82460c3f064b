import { digestOf, numberAt } from './id-hash.js'

const bucketBits = 12
const bucketCount = 2 ** bucketBits

/** The lower 52 bits of each hash: whole numbers up to there are exact in a float of 8 bytes. */
interface Bucket {
  hashes: Float64Array
  size: number
  isSorted: boolean
}

/**
 * Which ids were added, kept as 64-bit hashes: 8 bytes an id and at most half as much again while it grows, and 2 MB for
 * the buckets. Of a million that are asked for among a million, one is answered wrongly in one case of 18 million.
 * No call takes long: each bucket, a 4,096th of all, is sorted by itself when it is first asked.
 */
export class MembershipSet {
  readonly #buckets: (Bucket | undefined)[] = Array.from({ length: bucketCount })

  add(id: string): void {
    const { number, low } = placeOf(id)
    const bucket = (this.#buckets[number] ??= { hashes: new Float64Array(4), size: 0, isSorted: false })
    if (bucket.size === bucket.hashes.length) bucket.hashes = grown(bucket.hashes)
    bucket.hashes[bucket.size] = low
    bucket.size += 1
    bucket.isSorted = false
  }

  has(id: string): boolean {
    const { number, low } = placeOf(id)
    const bucket = this.#buckets[number]
    if (bucket === undefined) return false
    if (!bucket.isSorted) sort(bucket)
    return includes(bucket.hashes, low)
  }
}

function placeOf(id: string): { readonly number: number; readonly low: number } {
  const digest = digestOf(id)
  const high = numberAt(digest, 0, 2)
  const rest = high % 2 ** (16 - bucketBits)
  return { number: (high - rest) / 2 ** (16 - bucketBits), low: rest * 2 ** 48 + numberAt(digest, 2, 6) }
}

function grown(hashes: Float64Array): Float64Array {
  const larger = new Float64Array(Math.ceil(hashes.length * 1.5))
  larger.set(hashes)
  return larger
}

/** What it grew by in vain is given back. */
function sort(bucket: Bucket): void {
  bucket.hashes = bucket.hashes.subarray(0, bucket.size).toSorted()
  bucket.isSorted = true
}

function includes(sorted: Float64Array, wanted: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
