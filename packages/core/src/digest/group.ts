import { hash } from 'node:crypto'
import { ownData } from './digest-data.js'
import type { Journey } from '../dispatch/journey.js'
import type { DigestPolicy } from '../message/index.js'

const dayMs = 86_400_000

/** What a message waits for that is in a group. */
export const gathering = { code: 'digest-gathering' } as const

/**
 * What is gathered together: one type to one recipient at the same addresses, under one key. What is stopped together,
 * such as a run, or travels otherwise, such as another lane, stays apart. In State nobody is named: it is a hash.
 * @throws what the key of the type throws; TypeError where it answers no text.
 */
export function groupOf({ message, data }: Journey, { key }: DigestPolicy): string {
  const own: unknown = key === undefined ? '' : key(ownData(data) as never)
  if (typeof own !== 'string') throw new TypeError('the key of a digest must be a text')
  const { tenant, type, recipient, inline = '', lane, sandbox, run = '' } = message
  const parts = [tenant, type, recipient, inline, lane, sandbox, run, own]
  return `digest:${hash('sha256', JSON.stringify(parts), 'base64url')}`
}

/** The window of those that were in another one with a message that is not sent. */
export function windowWithout(window: string, leader: string): string {
  return `digest:${hash('sha256', JSON.stringify([window, leader]), 'base64url')}`
}

/** So long the members of a window are kept: who works on them may be late. What was merged is not found by it. */
export function keptMs({ windowMs }: DigestPolicy): number {
  return windowMs + dayMs
}
