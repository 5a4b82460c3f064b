import { isEmailAddress } from '../address/email-address.js'
import { checkFields, type Fault, type FieldCheck, isFields, must } from '@reachkit/driver-kit'
import type { ListUnsubscribe } from './email-content.js'

// What may stand between angle brackets in a header without encoding, and fits one line.
const uri = /^[!-;=?-~]{1,900}$/

const fields = checkFields(
  {
    url: must(
      (value) => isWebUrl(value),
      'must be an http or https address of printable ASCII, 900 characters at most',
    ),
    mailto: must((value) => isMailto(value), 'must be an e-mail address, or one after mailto:'),
    oneClick: must((value) => typeof value === 'boolean', 'must be true or false'),
  },
  [],
)

/** The content field, and what the driver's own `listUnsubscribe` answers. */
export const listUnsubscribe: FieldCheck = (value, path, faults) => {
  fields(value, path, faults)
  if (!isFields(value) || faults.length > 0) return
  if (value['url'] === undefined && value['mailto'] === undefined)
    faults.push({ path, message: 'must have url or mailto' })
  else if (value['oneClick'] === true && !isHttps(value['url'])) {
    faults.push({ path: [...path, 'oneClick'], message: 'needs an https url (RFC 8058)' })
  }
}

/** True where nothing is wrong with it. */
export function isListUnsubscribe(value: unknown): value is ListUnsubscribe {
  const faults: Fault[] = []
  listUnsubscribe(value, [], faults)
  return faults.length === 0
}

function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && uri.test(value) && /^https?:\/\//i.test(value) && URL.canParse(value)
}

function isHttps(value: unknown): boolean {
  return typeof value === 'string' && /^https:/i.test(value)
}

function isMailto(value: unknown): boolean {
  if (typeof value !== 'string' || !uri.test(value)) return false
  const address = /^(?:mailto:)?([^?]+)/i.exec(value)?.[1]
  return isEmailAddress(address) && (/^mailto:/i.test(value) || address === value)
}
