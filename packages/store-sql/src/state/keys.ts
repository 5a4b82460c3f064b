import { createHash } from 'node:crypto'

/** As wide as the columns of `migrations/create-table.ts`, in characters. */
export const keyWidth = 400
export const memberWidth = 200

/** What some server would not tell apart or not take: a space at the end, a zero byte, half a character. */
const unfit = /\s$|\0|\p{Cs}/u

/** The text itself, or a digest of it where a column cannot hold it. Equal only for equal texts. */
export function fit(text: string, width: number): string {
  if (text.length <= width && !unfit.test(text)) return text
  return `~${createHash('sha256').update(text, 'utf16le').digest('base64url')}`
}

const marker = '\u0001'
const unstorable = /\0|\p{Cs}/u

/** Any text, as every server can store it; `fromStored` gives it back. */
export function toStored(text: string): string {
  return text.startsWith(marker) || unstorable.test(text) ? marker + JSON.stringify(text) : text
}

export function fromStored(stored: string): string {
  return stored.startsWith(marker) ? (JSON.parse(stored.slice(marker.length)) as string) : stored
}
