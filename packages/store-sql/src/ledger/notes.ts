import type { Reason } from '@reachkit/core/spec'
import { readRanges, writeRanges } from './ranges.js'

/** What of a message is not as it was accepted. One object stands for every position that has the same: it is never changed. */
export interface Note {
  /** Step, where it is not 0. */
  readonly s?: number
  /** Due, where it is not when the parcel was accepted. */
  readonly d?: number
  readonly r?: Reason
  /** Core's progress. */
  readonly p?: string
  /** Into which message it was merged. */
  readonly i?: string
  /** What is about to be attempted, and in which slice. */
  readonly a?: string
  readonly l?: number
  /** Changed data, and a changed end of its time to live. */
  readonly m?: string
  readonly x?: number
}

/** `reach_progress.notes`, read. */
export interface Notes {
  /** The first time to live that is over: before it, nobody has to look at each message's own. */
  expires: number | undefined
  /** The first messages of duplicates, by position, for a parcel that is accepted again. */
  readonly firsts: Map<number, string>
  readonly byPosition: (Note | undefined)[]
}

interface StoredNotes {
  readonly x?: number
  readonly f?: readonly (readonly [number, string])[]
  /** Each note once, with its positions. */
  readonly n?: readonly (readonly [Note, string])[]
}

export function readNotes(text: string): Notes {
  const byPosition: (Note | undefined)[] = []
  if (text === '') return { expires: undefined, firsts: new Map(), byPosition }
  const { x, f = [], n = [] } = JSON.parse(text) as StoredNotes
  for (const [note, positions] of n) for (const position of readRanges(positions)) byPosition[position] = note
  return { expires: x, firsts: new Map(f), byPosition }
}

export function writeNotes({ expires, firsts, byPosition }: Notes): string {
  const groups = new Map<string, number[]>()
  const texts = new Map<Note, string>()
  for (let position = 0; position < byPosition.length; position += 1) {
    const note = byPosition[position]
    if (note === undefined) continue
    const known = texts.get(note)
    const text = known ?? JSON.stringify(note)
    if (known === undefined) texts.set(note, text)
    const positions = groups.get(text)
    if (positions === undefined) groups.set(text, [position])
    else positions.push(position)
  }
  const parts: string[] = []
  if (expires !== undefined) parts.push(`"x":${expires}`)
  if (firsts.size > 0) parts.push(`"f":${JSON.stringify([...firsts])}`)
  if (groups.size > 0) {
    const written = [...groups].map(([text, positions]) => `[${text},"${writeRanges(positions)}"]`)
    parts.push(`"n":[${written.join(',')}]`)
  }
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
