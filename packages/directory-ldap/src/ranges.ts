import { ReachError } from '@reachkit/core/spec'

/** From which key to read on, and how wide a range is tried first. */
export interface Place {
  readonly at: bigint
  readonly width: bigint
}

/** All of a range, or some keys out of one that has more than were asked for. */
export type Found<One> = { readonly all: readonly One[] } | { readonly some: readonly bigint[] }

export interface Space {
  readonly least: bigint
  readonly most: bigint
}

/** Ranges that are tried for one page: each that is too full is cut down to half of what it has, or less. */
const mostTries = 200

/**
 * The next ones along their keys, in the order of the keys, by ranges: a server need not sort, and keeps nothing between
 * two pages. A range that has more than `limit` is cut where half of the keys that came are; one that has few makes the
 * next one wider.
 */
export async function nextByRange<One>(
  space: Space,
  place: Place,
  limit: number,
  find: (from: bigint, to: bigint) => Promise<Found<One>>,
): Promise<{ readonly all: readonly One[]; readonly next: Place | undefined }> {
  let { at, width } = place
  for (let tries = 0; tries < mostTries; tries += 1) {
    const to = least(space.most, at + width - 1n)
    const found = await find(at, to)
    if ('some' in found) {
      width = narrower(at, to, found.some)
      continue
    }
    const { all } = found
    width = wider(to - at + 1n, all.length, limit)
    const next = to === space.most ? undefined : { at: to + 1n, width }
    if (all.length > 0 || next === undefined) return { all, next }
    at = next.at
  }
  // A stretch without anybody that is not over yet: the next page goes on there.
  return { all: [], next: { at, width } }
}

export function startOf({ least: from, most }: Space): Place {
  return { at: from, width: most - from + 1n }
}

/** The part up to the median of the keys that came; half of it where none came that helps. */
function narrower(at: bigint, to: bigint, keys: readonly bigint[]): bigint {
  if (at === to) throw new ReachError('REACH_AUDIENCE_INVALID', 'the key of the audience is not unique')
  const inside = keys.filter((key) => key >= at && key < to).toSorted((one, other) => (one < other ? -1 : 1))
  const median = inside[Math.floor((inside.length - 1) / 2)]
  return median === undefined ? (to - at + 1n) / 2n : median - at + 1n
}

/** As wide as holds three quarters of a page, where the next stretch is as full as this one; 16 times as wide at most. */
function wider(width: bigint, found: number, limit: number): bigint {
  if (found === 0) return width * 16n
  const wanted = (width * BigInt(Math.ceil(limit * 0.75))) / BigInt(found)
  const most = width * 16n
  return wanted > most ? most : wanted < 1n ? 1n : wanted
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}

export function writePlace({ at, width }: Place): string {
  return `${at.toString(16)}.${width.toString(16)}`
}

export function readPlace(space: Space, cursor: string): Place {
  if (cursor === '') return startOf(space)
  const [, at, width] = /^([\da-f]{1,40})\.([\da-f]{1,60})$/.exec(cursor) ?? []
  const place = { at: BigInt(`0x${at ?? '0'}`), width: BigInt(`0x${width ?? '0'}`) }
  if (place.width > 0n && place.at >= space.least && place.at <= space.most) return place
  throw new ReachError('REACH_AUDIENCE_INVALID', 'the cursor is not one of this audience')
}
