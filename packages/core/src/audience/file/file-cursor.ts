import type { FileStamp } from '../plan.js'
import type { Place } from './cut-records.js'

/** A place as a cursor, bound to what the file was. */
export function cursorOf({ offset, line, skipping }: Place, stamp: FileStamp): string {
  return `${offset}:${line}:${skipping ? 1 : 0}:${bindingOf(stamp)}`
}

/** Undefined for a cursor that belongs to another file, or to none. */
export function placeOf(cursor: string, stamp: FileStamp): Place | undefined {
  const [, offset, line, skipping, binding] = /^(\d+):(\d+):([01]):(\d+:[0-9a-f]+)$/.exec(cursor) ?? []
  if (binding !== bindingOf(stamp)) return undefined
  return { offset: Number(offset), line: Number(line), skipping: skipping === '1' }
}

function bindingOf({ size, sha256 }: FileStamp): string {
  return `${size}:${sha256.slice(0, 16)}`
}
