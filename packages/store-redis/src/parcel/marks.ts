import type { MessageOutcome, MessageState, MessageStatus } from '@reachkit/core/spec'

/**
 * One letter a message tells its state and outcome. It is a capital where the message has a note: anything that differs
 * from how it was accepted.
 */
const outcomeLetters = {
  sent: 'd',
  'partly-sent': 'p',
  rejected: 'r',
  expired: 'x',
  cancelled: 'c',
  merged: 'm',
  parked: 'k',
  unresolved: 'u',
} as const satisfies Record<MessageOutcome, string>

const stateLetters = { waiting: 'w', sending: 's', held: 'h' } as const

export interface Mark {
  readonly state: MessageState
  readonly outcome: MessageOutcome | undefined
  readonly noted: boolean
}

const marks: ReadonlyMap<string, Mark> = allMarks()

function allMarks(): ReadonlyMap<string, Mark> {
  const found = new Map<string, Mark>()
  const add = (letter: string, state: MessageState, outcome: MessageOutcome | undefined): void => {
    found.set(letter, { state, outcome, noted: false })
    found.set(letter.toUpperCase(), { state, outcome, noted: true })
  }
  for (const [state, letter] of Object.entries(stateLetters)) add(letter, state as MessageState, undefined)
  for (const [outcome, letter] of Object.entries(outcomeLetters)) add(letter, 'done', outcome as MessageOutcome)
  return found
}

/** Undefined for a position whose message was a duplicate, and has no record. */
export function markOf(letter: string): Mark | undefined {
  return marks.get(letter)
}

export function outcomeLetter(outcome: MessageOutcome): string {
  return outcomeLetters[outcome]
}

/** Where each message of a parcel stands. */
export function statusesOf({ letters }: ParcelMarks): (MessageStatus | undefined)[] {
  const statuses: (MessageStatus | undefined)[] = []
  for (const letter of letters) {
    const mark = markOf(letter)
    statuses.push(mark?.state === 'done' ? mark.outcome : mark?.state)
  }
  return statuses
}

/** The letters of states, for a script to compare with. */
export function lettersOf(states: readonly MessageState[]): string {
  const letters = states.map((state) =>
    state === 'done' ? Object.values(outcomeLetters).join('') : stateLetters[state],
  )
  return letters.join('')
}

/** Before the letters: size, how many are not done, when it was accepted, and due and ttl of most messages. */
const headBytes = 22

export interface ParcelMarks {
  readonly size: number
  readonly open: number
  readonly acceptedAt: number
  readonly due: number
  readonly expires: number
  readonly letters: string
  readonly tenant: string
}

export function readMarks(bytes: Buffer): ParcelMarks {
  const size = bytes.readUInt16BE(0)
  return {
    size,
    open: bytes.readUInt16BE(2),
    acceptedAt: bytes.readUIntBE(4, 6),
    due: bytes.readUIntBE(10, 6),
    expires: bytes.readUIntBE(16, 6),
    letters: bytes.toString('latin1', headBytes, headBytes + size),
    tenant: bytes.toString('utf8', headBytes + size),
  }
}
