import { checkFields, type FieldCheck, must } from '@reachkit/driver-kit'
import { isHeaderText } from './header-text.js'

const mediaType =
  /^(?!multipart\/|message\/)[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+:/-]+|"[^"\\\r\n]*"))*$/i
const base64 = /^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/

const fields = checkFields(
  {
    filename: must(
      (value) => isHeaderText(value) && value !== '' && value.length <= 255,
      'must be a name of one line, 255 characters at most',
    ),
    content: must((value) => typeof value === 'string' || value instanceof Uint8Array, 'must be text, base64 or bytes'),
    encoding: must((value) => value === 'utf8' || value === 'base64', "must be 'utf8' or 'base64'"),
    contentType: must(
      (value) => typeof value === 'string' && mediaType.test(value),
      'must be a media type, and not multipart or message',
    ),
    cid: must(
      (value) => typeof value === 'string' && /^[!-;=?-~]{1,200}$/.test(value),
      'must be printable ASCII without blanks and angle brackets',
    ),
  },
  ['filename', 'content'],
)

/** A list of attachments. */
export const attachments: FieldCheck = (value, path, faults) => {
  if (!Array.isArray(value)) return void faults.push({ path, message: 'must be a list' })
  for (const [index, attachment] of value.entries()) {
    const before = faults.length
    fields(attachment, [...path, index], faults)
    if (faults.length === before && isWrongBase64(attachment)) {
      faults.push({ path: [...path, index, 'content'], message: 'must be base64, as its encoding says' })
    }
  }
}

function isWrongBase64(attachment: { readonly encoding?: unknown; readonly content: unknown }): boolean {
  return attachment.encoding === 'base64' && typeof attachment.content === 'string' && !base64.test(attachment.content)
}
