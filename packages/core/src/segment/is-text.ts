import { isStorableText } from '../json/index.js'

/** True for a text that every store can look for, of at most so many bytes in UTF-8. */
export function isText(value: unknown, mostBytes: number): value is string {
  return typeof value === 'string' && isStorableText(value) && Buffer.byteLength(value) <= mostBytes
}
