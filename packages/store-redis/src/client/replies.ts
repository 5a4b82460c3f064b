import { ReachError } from '@reachkit/core/spec'
import type { Reply } from './redis-client.js'

/** The elements of an array reply. */
export function list(reply: Reply | undefined): readonly Reply[] {
  if (Array.isArray(reply)) return reply as readonly Reply[]
  throw unexpected('an array')
}

export function bytes(reply: Reply | undefined): Buffer {
  if (Buffer.isBuffer(reply)) return reply
  if (typeof reply === 'string') return Buffer.from(reply, 'latin1')
  throw unexpected('a text')
}

export function text(reply: Reply | undefined): string {
  if (typeof reply === 'number') return `${reply}`
  return bytes(reply).toString('utf8')
}

/** A text, or undefined for what is not there: scripts answer false for it. */
export function optionalText(reply: Reply | undefined): string | undefined {
  return reply === null || reply === undefined ? undefined : text(reply)
}

export function whole(reply: Reply | undefined): number {
  const number = Number(typeof reply === 'number' ? reply : text(reply))
  if (Number.isNaN(number)) throw unexpected('a number')
  return number
}

function unexpected(wanted: string): ReachError {
  return new ReachError('REACH_STORE_UNAVAILABLE', `redis answered something else than ${wanted}`)
}
