import type { OptionReader } from './option-reader.js'

/** The url of a server, if it has one of these protocols and a host. A wrong one is refused without being shown: it may hold a password. */
export function readServerUrl(reader: OptionReader, protocols: readonly string[]): string {
  const allowed = `a url that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')} and names a host`
  const url = reader.text('url') ?? reader.refuse('url', allowed)
  try {
    const { protocol, hostname } = new URL(url)
    // The host may be in the query: a socket's folder.
    if (protocols.includes(protocol) && (hostname !== '' || url.includes('host='))) return url
  } catch {
    // Falls through to the refusal, whose text holds nothing of the url.
  }
  return reader.refuse('url', allowed)
}
