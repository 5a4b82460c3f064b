/**
 * A name that came from a caller, as an error text or a reason may show it: itself where it looks like the name of a
 * field, an option, a channel or a message type, and `…` for all else, which may be an address or a number of somebody's.
 */
export function shownName(name: unknown): string {
  const text = String(name)
  return text.length <= 64 && plain.test(text) && !/\d{6}/.test(text) ? text : '…'
}

/** Words joined by single dots, colons and slashes: `order.paid`, but no address of a mailbox or a page. */
const plain = /^[A-Za-z0-9_$][\w$-]*(?:[.:/][\w$-]+)*$/
