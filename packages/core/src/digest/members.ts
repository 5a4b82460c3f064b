import { parseProgress } from '../route/progress.js'
import type { DigestNote } from '../route/progress.js'
import type { MessageDefinition } from '../message/index.js'
import type { MessageRecord } from '../spec/index.js'

/** The others of a group come so long after the one that leads it: by then it has merged them. */
export const lateMs = 5_000
/** What is put off for longer than this goes its own way. */
const slackMs = 1_000
/** So long after its end a group waits for one that does not come to lead it. */
const patienceMs = 60_000

/** What a member of a group is judged by. */
export interface Member {
  readonly id: string
  readonly note: DigestNote
  readonly definition: Pick<MessageDefinition, 'version'>
  readonly max: number
}

/** It leads others, goes alone, or waits for another one to merge it. */
export type Part = { readonly leads: readonly string[] } | 'waits'

/**
 * The part of a member whose group is over: of those that are due the one of the smallest id leads, and takes the oldest.
 * That only saves work: two that lead at once merge none twice, since each merge is compare-and-set.
 */
export function partOf(own: Member, others: readonly MessageRecord[], isWhole: boolean, now: number): Part {
  const isPatient = now < own.note.end + patienceMs
  if (isPatient && (!isWhole || others.some((other) => isAhead(own, other, now)))) return 'waits'
  const open = others.filter((other) => isOpen(other, own.note.window, own.definition, now)).toSorted(byAge)
  return { leads: open.slice(0, own.max - 1).map(({ id }) => id) }
}

/** True for one that may still be merged: it waits, was not attempted, and leads nobody. */
export function isOpen(
  record: MessageRecord,
  window: string,
  { version }: Pick<MessageDefinition, 'version'>,
  now: number,
): boolean {
  if (record.state !== 'waiting' || record.version > version || record.due > now + lateMs + slackMs) return false
  if (record.expires !== undefined && record.expires <= now) return false
  const { legs, digest, resend } = parseProgress(record.progress)
  if (resend !== undefined || Object.keys(legs).length > 0) return false
  return digest === undefined || (digest.window === window && digest.members === undefined)
}

/** Another one is about to lead this one, or has begun to. */
function isAhead({ id, note, definition }: Member, other: MessageRecord, now: number): boolean {
  if (other.state !== 'waiting' || other.due > now) return false
  const { digest } = parseProgress(other.progress)
  if (digest?.members !== undefined) return digest.ends === undefined && digest.members.includes(id)
  return other.id < id && isOpen(other, note.window, definition, now)
}

export function byAge(a: MessageRecord, b: MessageRecord): number {
  return a.acceptedAt - b.acceptedAt || (a.id < b.id ? -1 : 1)
}
