import type { Profile, SegmentScalar } from '@reachkit/core/spec'
import { sortableNumber } from './sortable-number.js'

/*
 * What segments look for in a recipient, as texts: one for each value, `plan.name␡sgold`. The path comes first, then the
 * kind (`s` text, `n` number, `b` boolean), then the value, so that what a condition asks of one value is a range of
 * texts in the order of their bytes, the same on every server. Something without a value, such as an empty list, is there
 * as `plan␡`. `docs/decisions/segments-in-sql.md` says why.
 */

const end = '\u007f'

/** The longest name of an attribute that a segment asks for, in bytes. */
const longestPath = 256
/** Segments compare with texts of at most 1,024 bytes: what comes behind so many units of a value decides nothing. */
const longestText = 1_025

/** What the entries of an attribute begin with: no other begins so. */
export function ofPath(path: string): string {
  return path.replaceAll('~', '~t').replaceAll(end, '~d') + end
}

/** The same for what a recipient has beside its attributes. */
export const ofRecipient: Readonly<Record<'id' | 'locale' | 'group', string>> = {
  id: `~i${end}`,
  locale: `~l${end}`,
  group: `~g${end}`,
}

/** What stands behind the path: values of one kind stand together, in their order. */
export function valueEntry(value: SegmentScalar): string {
  if (typeof value === 'string') return `s${cut(value)}`
  return typeof value === 'number' ? `n${sortableNumber(value)}` : `b${Number(value)}`
}

function cut(text: string): string {
  if (text.length <= longestText) return text
  const last = text.charCodeAt(longestText - 1)
  // Not within a pair.
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longestText + 1 : longestText)
}

/** The entries of a recipient, as they are stored. */
export function searchText({ id, locale, groups, attributes }: Profile): string {
  // Each of the others stands behind a comma.
  const entries = ['', `${ofRecipient.id}s${id}`]
  if (locale !== undefined) entries.push(`${ofRecipient.locale}${valueEntry(locale)}`)
  for (const group of new Set(groups)) entries.push(ofRecipient.group + group)
  if (attributes !== undefined) addFields(entries, '', attributes)
  return JSON.stringify(entries)
}

function addFields(entries: string[], path: string, fields: object): void {
  for (const [name, value] of Object.entries(fields)) {
    // Nobody can ask for it: a dot steps into an object.
    if (name === '' || name.includes('.')) continue
    const inner = path === '' ? name : `${path}.${name}`
    if (Buffer.byteLength(inner) <= longestPath) addValue(entries, inner, value)
  }
}

function addValue(entries: string[], path: string, value: unknown): void {
  if (value === null || value === undefined) return
  const prefix = ofPath(path)
  if (isScalar(value)) {
    entries.push(prefix + valueEntry(value))
    return
  }
  if (!Array.isArray(value)) {
    entries.push(prefix)
    if (typeof value === 'object') addFields(entries, path, value)
    return
  }
  const values = value.filter(isScalar)
  if (values.length === 0) entries.push(prefix)
  for (const one of values) entries.push(prefix + valueEntry(one))
}

function isScalar(value: unknown): value is SegmentScalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** How an entry stands in what is stored, found by `instr` and the like: no text within an entry looks so. */
export function wholeNeedle(entry: string): string {
  return `,${JSON.stringify(entry)}`
}

/** The same for all entries that begin so. */
export function prefixNeedle(beginning: string): string {
  return wholeNeedle(beginning).slice(0, -1)
}
