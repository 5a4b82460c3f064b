import { createHash } from 'node:crypto'
import { sorted, toJson } from '../json/index.js'
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

export function isUnnamed(id: string): boolean {
  return id.startsWith('~')
}
