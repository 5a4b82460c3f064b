import type { Scripts } from '../client/script.js'
import { batches, grouped } from '../ledger/batches.js'
import type { BookPart } from './book-keys.js'

export interface InPart {
  readonly part: BookPart
}

/** Splits what goes to the book into calls of bounded size. On a cluster each stays within one part, which is a tag. */
export function partCalls<T extends InPart>(
  { client }: Scripts,
  items: readonly T[],
  sizeOf: (item: T) => number = () => 1,
): readonly T[][] {
  if (client.isCluster !== true) return batches(items, sizeOf)
  return [...grouped(items, ({ part }) => part).values()].flatMap((group) => batches(group, sizeOf))
}

/** People and index of each part that a call is about, and what number a part has among them, from 1. */
export function partKeys(items: readonly InPart[]): {
  readonly keys: readonly string[]
  readonly numberOf: (part: BookPart) => number
} {
  const parts = [...new Set(items.map(({ part }) => part))]
  const numbers = new Map(parts.map((part, index) => [part, index + 1]))
  return { keys: parts.flatMap(({ people, index }) => [people, index]), numberOf: (part) => numbers.get(part) ?? 0 }
}

/** Splits parts into those that one call asks: all, unless it is a cluster or so much is asked of each that it takes long. */
export function partGroups(
  { client }: Scripts,
  parts: readonly BookPart[],
  askedOfEach: number,
): readonly BookPart[][] {
  const most = client.isCluster === true ? 1 : Math.max(1, Math.floor(mostAsked / askedOfEach))
  const groups: BookPart[][] = []
  for (let at = 0; at < parts.length; at += most) groups.push(parts.slice(at, at + most))
  return groups
}

const mostAsked = 800
