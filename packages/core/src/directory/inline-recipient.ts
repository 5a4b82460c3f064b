import { createHash } from 'node:crypto'
import { toJson } from '../json/index.js'
import { isFields } from '../options/index.js'
import type { Recipient } from '../spec/index.js'

/** What is stored of a recipient that `notify` was given with its addresses. */
export interface StoredRecipient {
  readonly locale?: string
  readonly zone?: string
  readonly addresses: Readonly<Record<string, unknown>>
}

/** Reads back what intake wrote; `id` is the one under which the message is listed. */
export function recipientOf(text: string, id: string): Recipient {
  return { ...(JSON.parse(text) as StoredRecipient), id }
}

/**
 * The id of a recipient that was given without one: the same for the same addresses, whatever the order of their fields,
 * and none can be read from it.
 */
export function idOfAddresses(addresses: Readonly<Record<string, unknown>>): string {
  const text = toJson(sorted(addresses), 'the recipient')
  return `~${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isFields(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]))
}

export function isUnnamed(id: string): boolean {
  return id.startsWith('~')
}
