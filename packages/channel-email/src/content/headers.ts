import { type FieldCheck, isFields } from '@reachkit/driver-kit'
import { isHeaderText } from './header-text.js'

// RFC 5322, 3.6.8: printable ASCII but the colon.
const fieldName = /^[!-9;-~]{1,76}$/
// biome-ignore format: a list of names
const owned = new Set([
  'from', 'to', 'cc', 'bcc', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'dkim-signature',
  'return-path', 'received', 'sender', 'list-unsubscribe', 'list-unsubscribe-post',
])

const structured = /^(?:references|in-reply-to|otp-token)$/i

/** True for a header of message ids or tokens: nothing in it can be encoded (RFC 2047, 5). */
export function isStructured(name: string): boolean {
  return structured.test(name)
}

/** Headers beside the ones that the content has fields for. */
export const headers: FieldCheck = (value, path, faults) => {
  if (!isFields(value)) return void faults.push({ path, message: 'must be an object of header names and texts' })
  for (const [name, text] of Object.entries(value)) {
    if (!fieldName.test(name)) faults.push({ path, message: 'must have names of printable ASCII without a colon' })
    else if (isOwned(name)) faults.push({ path: [...path, name], message: 'is written by the driver itself' })
    else if (!isHeaderText(text)) faults.push({ path: [...path, name], message: 'must be text of one line' })
    else if (isStructured(name) && !/^[ -~]*$/.test(text)) {
      faults.push({ path: [...path, name], message: 'must be printable ASCII' })
    }
  }
}

function isOwned(name: string): boolean {
  const lower = name.toLowerCase()
  return owned.has(lower) || lower.startsWith('content-')
}
