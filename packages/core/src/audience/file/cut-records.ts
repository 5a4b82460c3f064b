import { type Cut, type Dialect, type Units, breakWidth, cutRecord, findEnd } from './cut-record.js'
import type { Window } from './window.js'

/** Where reading goes on. */
export interface Place {
  /** In bytes. */
  readonly offset: number
  /** From 1, as an editor shows it. */
  readonly line: number
  /** In the midst of a line that was given up. */
  readonly skipping: boolean
}

/** A record that is not blank, in bytes of its window. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly quoted: boolean
  readonly fault: Cut['fault']
}

export interface Pieces {
  readonly pieces: readonly Piece[]
  /** The place itself where no record ends in this window: it takes a larger one. */
  readonly next: Place
}

/** The records that end in a window, from a place on; at most so many. */
export function cutRecords(window: Window, from: Place, most: number, dialect: Dialect): Pieces {
  const { bytes, units, ended, offset } = window
  const width = bytes === units ? 1 : 2
  const pieces: Piece[] = []
  let { line, skipping } = from
  let index = (from.offset - offset) / width
  while (index < units.length && pieces.length < most) {
    const blank = skipping ? 0 : breakWidth(units, index, ended)
    if (blank > 0) {
      index += blank
      line += 1
      continue
    }
    const cut = skipping ? skipLine(units, index, ended) : cutRecord(units, index, ended, dialect)
    if (cut === undefined) break
    const { end, next, quoted, fault } = cut
    if (!skipping) pieces.push({ start: index * width, end: end * width, line, quoted, fault })
    line += cut.lines
    skipping = skipping ? cut.lines === 0 : fault === 'long'
    index = next
  }
  return { pieces, next: { offset: offset + index * width, line, skipping } }
}

/** To behind the next line break, or as far as the units go. */
function skipLine(units: Units, from: number, ended: boolean): Cut | undefined {
  const end = findEnd(units, from, -1)
  const width = end === units.length ? 0 : breakWidth(units, end, ended)
  if (width > 0) return { end, next: end + width, lines: 1, quoted: false }
  return end > from ? { end, next: end, lines: 0, quoted: false } : undefined
}
