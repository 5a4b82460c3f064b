import type { Reason, Settled } from '@reachkit/core/spec'
import { text } from '../client/replies.js'
import type { Reply } from '../client/redis-client.js'

/** What differs from how a message was accepted. Times are milliseconds since the epoch; 0 stands for none. */
export interface Note {
  readonly step: number
  readonly due: number
  readonly expires: number
  readonly reason: Reason | undefined
  readonly progress: string | undefined
  readonly into: string | undefined
  /** The pending entry that it is in, and the lane of that. */
  readonly entry: readonly [id: string, lane: string] | undefined
  readonly raw: Buffer
}

export interface Notes {
  readonly byPosition: ReadonlyMap<number, Note>
  readonly data: ReadonlyMap<number, string>
  /** The first ones of messages that were duplicates. */
  readonly firsts: ReadonlyMap<number, string>
}

interface Kept {
  r?: readonly [string, string?]
  p?: string
  i?: string
  e?: readonly [string, string]
}

const headBytes = 16

/** The part of a note that scripts keep and never read; empty where there is nothing to say. */
export function encodeNote(to: Settled, entry: readonly [string, string] | undefined): string {
  const kept: Kept = {}
  if (to.reason !== undefined) {
    const { code, detail } = to.reason
    kept.r = detail === undefined ? [code] : [code, detail]
  }
  if (to.state === 'done') {
    if (to.into !== undefined) kept.i = to.into
  } else {
    if (to.progress !== undefined) kept.p = to.progress
    if (entry !== undefined) kept.e = entry
  }
  const json = JSON.stringify(kept)
  return json === '{}' ? '' : json
}

function decodeNote(raw: Buffer): Note {
  const json = raw.toString('utf8', headBytes)
  const { r, p, i, e }: Kept = json === '' ? {} : (JSON.parse(json) as Kept)
  const detail = r?.[1]
  return {
    step: raw.readUInt32BE(0),
    due: raw.readUIntBE(4, 6),
    expires: raw.readUIntBE(10, 6),
    reason: r === undefined ? undefined : { code: r[0], ...(detail !== undefined && { detail }) },
    progress: p,
    into: i,
    entry: e,
    raw,
  }
}

/** Reads the notes of a parcel as a script answers them: field and value in turn. */
export function readNotes(flat: readonly Reply[]): Notes {
  if (flat.length === 0) return noNotes
  const byPosition = new Map<number, Note>()
  const data = new Map<number, string>()
  let firsts: ReadonlyMap<number, string> = new Map()
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const field = text(flat[at])
    const value = flat[at + 1]
    if (field === 'f') firsts = decodeFirsts(text(value))
    else if (field.endsWith('d')) data.set(Number(field.slice(0, -1)), text(value))
    else if (Buffer.isBuffer(value)) byPosition.set(Number(field), decodeNote(value))
  }
  return { byPosition, data, firsts }
}

const noNotes: Notes = { byPosition: new Map(), data: new Map(), firsts: new Map() }

/** Lines of a position and the id of the first message of its key. */
export function decodeFirsts(lines: string): ReadonlyMap<number, string> {
  const firsts = new Map<number, string>()
  for (const line of lines.split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) firsts.set(Number(line.slice(0, space)), line.slice(space + 1))
  }
  return firsts
}
