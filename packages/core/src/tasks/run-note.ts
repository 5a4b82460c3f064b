import type { MessageStatus } from '../spec/index.js'

/** How many messages stand how. Duplicates are those that the run offered and another message had the key of. */
export type Tally = { readonly [Status in MessageStatus | 'duplicate']?: number }

/** What a run's cursor says: where its audience is, and what was made of it so far. */
export interface RunNote {
  /** The cursor of the audience; null once all of it was read. */
  readonly at: string | null
  /** Recipients that a message was offered for. */
  readonly read: number
  /** Rows that were none, or whose data did not fit. */
  readonly rejects: number
  /** When it had ended, by the store's clock, and how its messages stood then. */
  readonly ended?: { readonly at: number; readonly tally: Tally; readonly why?: string }
}

const fresh: RunNote = { at: '', read: 0, rejects: 0 }

export function readNote(cursor: string): RunNote {
  return cursor === '' ? fresh : (JSON.parse(cursor) as RunNote)
}

export function noteText(note: RunNote): string {
  return JSON.stringify(note)
}
