/** How records stand in a file. */
export interface Dialect {
  /** The unit of a quote; -1 where a record is a line and quotes mean nothing. */
  readonly quote: number
  readonly delimiter: number
  /** GB18030: a unit above 0x80 takes the next one with it, which may look like a delimiter, but never like a quote or a line break. */
  readonly pairs: boolean
  /** Units of the longest record. */
  readonly limit: number
}

export type Units = Uint8Array | Uint16Array

/** Where a record ends, in units of its window. */
export interface Cut {
  /** Behind its text. */
  readonly end: number
  /** Where the next record begins. */
  readonly next: number
  /** Line breaks from its start to `next`. */
  readonly lines: number
  readonly quoted: boolean
  /** `quote`: one is not closed, or stands where none may. `long`: no line ends within the limit, and `next` is in the midst of one. */
  readonly fault?: 'quote' | 'long'
}

const [lf, cr] = [0x0a, 0x0d]

/**
 * Finds the end of the record that begins at `start`. Bytes are enough for UTF-8 and GB18030, where no character has a
 * quote or a line break as one of its later bytes. Undefined where the units at hand do not tell, and the file goes on.
 *
 * Where a quote is wrong only the first line is given up: what follows is read as if it were not there. A field that
 * ends nowhere would else take the rest of the file with it.
 */
export function cutRecord(units: Units, start: number, ended: boolean, dialect: Dialect): Cut | undefined {
  const { quote, limit } = dialect
  const end = findEnd(units, start, quote)
  if (end < units.length && units[end] === quote) return cutQuoted(units, start, ended, dialect)
  return cutLine(units, start, end, ended, limit)
}

/** The first line break or quote, or the end. */
export function findEnd(units: Units, from: number, quote: number): number {
  let index = from
  for (; index < units.length; index++) {
    const unit = units[index]
    if (unit === lf || unit === cr || unit === quote) break
  }
  return index
}

function cutLine(units: Units, start: number, end: number, ended: boolean, limit: number): Cut | undefined {
  if (end - start > limit) return { end: start + limit, next: start + limit, lines: 0, quoted: false, fault: 'long' }
  if (end === units.length) return ended ? { end, next: end, lines: 0, quoted: false } : undefined
  const width = breakWidth(units, end, ended)
  return width === 0 ? undefined : { end, next: end + width, lines: 1, quoted: false }
}

/** Units of the line break here; 0 where there is none, or where what follows a CR is not at hand. */
export function breakWidth(units: Units, at: number, ended: boolean): number {
  if (units[at] === lf) return 1
  if (units[at] !== cr) return 0
  if (at + 1 < units.length) return units[at + 1] === lf ? 2 : 1
  return ended ? 1 : 0
}

function cutQuoted(units: Units, start: number, ended: boolean, dialect: Dialect): Cut | undefined {
  const { quote, delimiter, pairs, limit } = dialect
  const stop = Math.min(units.length, start + limit + 1)
  let lines = 0
  let index = start
  let isFieldStart = true
  while (index < stop) {
    const unit = units[index]
    if (unit === lf || unit === cr) {
      const width = breakWidth(units, index, ended)
      return width === 0 ? undefined : { end: index, next: index + width, lines: lines + 1, quoted: true }
    }
    if (unit !== quote) {
      index += pairs && isPair(units, index) ? 2 : 1
      isFieldStart = unit === delimiter
      continue
    }
    if (!isFieldStart) return giveUp(units, start, ended, limit)
    const field = closeQuote(units, index + 1, stop, quote)
    if (field === undefined) return isShort(units, start, ended, limit) ? undefined : giveUp(units, start, ended, limit)
    index = field.next
    lines += field.lines
    isFieldStart = false
    if (index < stop && !isFieldEnd(units[index], delimiter)) return giveUp(units, start, ended, limit)
  }
  if (isShort(units, start, ended, limit)) return undefined
  if (units.length - start > limit) return giveUp(units, start, ended, limit)
  return { end: units.length, next: units.length, lines, quoted: true }
}

/** True where the record may yet end within the limit, once more of the file is at hand. */
function isShort(units: Units, start: number, ended: boolean, limit: number): boolean {
  return !ended && units.length - start <= limit
}

/** Behind the quote that closes a field; undefined where none does before `stop`. */
function closeQuote(
  units: Units,
  from: number,
  stop: number,
  quote: number,
): { next: number; lines: number } | undefined {
  let lines = 0
  for (let index = from; index < stop; index++) {
    const unit = units[index]
    if (unit === lf) lines += 1
    else if (unit === cr && units[index + 1] !== lf) lines += 1
    if (unit !== quote) continue
    if (units[index + 1] !== quote) return { next: index + 1, lines }
    index += 1
  }
  return undefined
}

function isFieldEnd(unit: number | undefined, delimiter: number): boolean {
  return unit === delimiter || unit === lf || unit === cr
}

function isPair(units: Units, at: number): boolean {
  return (units[at] ?? 0) > 0x80 && (units[at + 1] ?? 0) >= 0x30
}

/** Takes the first line alone. */
function giveUp(units: Units, start: number, ended: boolean, limit: number): Cut | undefined {
  const cut = cutLine(units, start, findEnd(units, start, -1), ended, limit)
  return cut === undefined || cut.fault !== undefined ? cut : { ...cut, fault: 'quote' }
}
