import type { ListUnsubscribe } from '../content/email-content.js'

/** The parts of a List-Unsubscribe header (RFC 2369), each in its angle brackets. */
export function unsubscribeWays({ url, mailto }: ListUnsubscribe): readonly string[] {
  const ways = url === undefined ? [] : [`<${url}>`]
  if (mailto !== undefined) ways.push(`<${/^mailto:/i.test(mailto) ? mailto : `mailto:${mailto}`}>`)
  return ways
}
