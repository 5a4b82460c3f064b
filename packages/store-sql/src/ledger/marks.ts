import type { MessageOutcome, MessageState, MessageStatus } from '@reachkit/core/spec'

/** What one character of `reach_progress.marks` says of the message at its position. */
export interface Mark {
  readonly state: MessageState
  readonly outcome: MessageOutcome | undefined
}

const outcomeLetters = {
  sent: 'S',
  'partly-sent': 'P',
  rejected: 'R',
  expired: 'E',
  cancelled: 'C',
  merged: 'M',
  parked: 'K',
  unresolved: 'U',
} as const satisfies Readonly<Record<MessageOutcome, string>>

/** Marks as bytes of Latin-1, as they are held in memory. */
export const waitingMark: number = codeOf('w')
export const sendingMark: number = codeOf('s')
export const heldMark: number = codeOf('h')
/** A duplicate that nobody was told the id of: there is no message. */
export const absentMark: number = codeOf('-')

const marks = new Map<number, Mark>([
  [waitingMark, { state: 'waiting', outcome: undefined }],
  [sendingMark, { state: 'sending', outcome: undefined }],
  [heldMark, { state: 'held', outcome: undefined }],
  ...Object.entries(outcomeLetters).map(
    ([outcome, letter]) => [codeOf(letter), { state: 'done', outcome: outcome as MessageOutcome }] as const,
  ),
])

export function doneMark(outcome: MessageOutcome): number {
  return outcomeLetters[outcome].charCodeAt(0)
}

/** Undefined where there is no message. */
export function readMark(code: number): Mark | undefined {
  return marks.get(code)
}

/** Where each message stands, of marks as they are stored. */
export function statusesOf(text: string): (MessageStatus | undefined)[] {
  const statuses: (MessageStatus | undefined)[] = []
  for (let position = 0; position < text.length; position += 1) {
    const mark = readMark(text.charCodeAt(position))
    statuses.push(mark?.state === 'done' ? mark.outcome : mark?.state)
  }
  return statuses
}

function codeOf(letter: string): number {
  return letter.charCodeAt(0)
}
