import { looksLikeAddress } from '../directory/looks-like-address.js'

/** Bytes of an id in UTF-8. */
const longest = 512

/** Why a text is no id of a recipient, for a reject or an error; undefined where it is one. */
export function idProblem(id: string): string | undefined {
  if (id.length * 3 <= longest && id !== '' && !suspicious.test(id)) return undefined
  if (id === '') return 'the id is empty'
  if (looksLikeAddress(id)) return 'an address stands in the place of the id'
  if (Buffer.byteLength(id) > longest) return `the id is longer than ${longest} bytes`
  return id.includes('\0') || /\p{Surrogate}/u.test(id) ? 'the id is no well-formed text' : undefined
}

/** Without one of these an id of common length is fine. */
const suspicious = /[\0@+\ud800-\udfff]/
