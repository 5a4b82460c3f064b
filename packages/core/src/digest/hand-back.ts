import type { SliceHost } from '../dispatch/slice-host.js'
import { parseProgress } from '../route/progress.js'
import type { DigestNote } from '../route/progress.js'
import type { Change, ClaimedMessage, MessageRecord, Settled } from '../spec/index.js'
import { errorName } from '../io/error-name.js'
import { gathering, keptMs, windowWithout } from './group.js'
import { isOpen } from './members.js'
import { readRecords } from './read-records.js'

const againMs = 1_000
const mostRounds = 10
const anyVersion = { version: Infinity }
/** Reasons that a message is not sent for which say nothing of those that it leads. */
const ownFates: ReadonlySet<string> = new Set(['expired', 'cancelled', 'trigger-withdrawn', 'trigger-repeated'])

/** Where a message goes that leads others and is not sent: it ends once they are on their own again. */
export function endOfLeader({ progress: text }: Pick<MessageRecord, 'progress'>, to: Settled, now: number): Settled {
  if (to.state !== 'done' || to.reason === undefined || !ownFates.has(to.reason.code)) return to
  const { digest } = parseProgress(text)
  if (digest?.members === undefined || digest.members.length === 0 || digest.ends !== undefined) return to
  if (to.outcome === 'sent' || to.outcome === 'partly-sent') return to
  const { outcome, reason } = to
  const progress = JSON.stringify({ legs: {}, digest: { ...digest, ends: { outcome, reason } } })
  return { state: 'waiting', due: now, reason, progress }
}

/** True for a message that has ended but for those that it led. */
export function isEnding({ progress }: Pick<MessageRecord, 'progress'>): boolean {
  return progress?.includes('"ends":') === true && parseProgress(progress).digest?.ends !== undefined
}

/** Puts those on their own again that were merged into messages that are not sent, and ends these. Answers the others. */
export async function handBack(
  run: SliceHost,
  messages: readonly ClaimedMessage[],
): Promise<readonly ClaimedMessage[]> {
  for (const message of messages) if (isEnding(message)) await endOne(run, message)
  return messages.filter((message) => !isEnding(message))
}

async function endOne(run: SliceHost, message: ClaimedMessage): Promise<void> {
  const { progress } = message
  const note = parseProgress(progress).digest
  if (note?.ends === undefined) return
  const isDone = await freeMembers(run, message, note).catch((error: unknown) => {
    const fields = { message: message.id, error: errorName(error) }
    run.context.logger.error(fields, 'a digest that is not sent could not be taken apart; it is tried again')
    return false
  })
  const due = run.context.storeNow() + againMs
  const again: Settled = {
    state: 'waiting',
    due,
    reason: note.ends.reason,
    ...(progress !== undefined && { progress }),
  }
  run.settle(message, isDone ? { state: 'done', ...note.ends } : again)
}

/**
 * They are in another window from then on, so that nobody who still works on the message merges one of them into it. False
 * where they moved again and again.
 */
async function freeMembers(run: SliceHost, message: ClaimedMessage, note: DigestNote): Promise<boolean> {
  const { context } = run
  const { members = [] } = note
  const digest: DigestNote = { window: windowWithout(note.window, message.id), end: context.storeNow() }
  await gatherAnew(run, message, members, digest)
  for (let round = 0; round < mostRounds; round += 1) {
    const records = await readRecords(run, members)
    const bound = [...records.values()].filter((record) => isBound(record, message.id, note, context.storeNow()))
    if (bound.length === 0) return true
    const answers = await context.ledger.change(bound.map((record) => freed(run, record, digest)))
    for (const { envelopes } of answers) context.push(envelopes)
  }
  return false
}

/** So that they find each other; who is not found goes alone. */
async function gatherAnew(
  { context }: SliceHost,
  { type }: ClaimedMessage,
  members: readonly string[],
  { window: key }: DigestNote,
): Promise<void> {
  const policy = context.definitions.get(type)?.digest
  if (policy === undefined) return
  const windowMs = keptMs(policy)
  await context.state.enter(members.map((member) => ({ key, member, max: members.length, windowMs })))
}

/** It was merged into the message, or could be by one who still works on that. */
function isBound(record: MessageRecord, leader: string, { window }: DigestNote, now: number): boolean {
  return record.state === 'done' ? record.into === leader : isOpen(record, window, anyVersion, now)
}

function freed({ context }: SliceHost, { id, step, state, lane }: MessageRecord, digest: DigestNote): Change {
  const due = context.storeNow()
  const to = { state: 'waiting', due, reason: gathering, progress: JSON.stringify({ legs: {}, digest }) } as const
  const events = [{ step, kind: 'changed', at: due, reason: gathering.code }] as const
  return { id, step, from: [state], to, events, entry: { id: context.nextId(), lane, weight: 1 } }
}
