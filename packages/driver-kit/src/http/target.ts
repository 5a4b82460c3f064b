const most = 256
const longest = 512
const known = new Map<string, URL>()

/**
 * Where a request goes; undefined for what is no URL of http. Most drivers call one URL again and again, and to parse it
 * costs as much as to write the request: those asked for last are kept, but for long ones and those with a query, which may hold a token or be of one message. What
 * is answered is not to be changed.
 */
export function targetOf(url: string): URL | undefined {
  const found = known.get(url)
  if (found !== undefined) return found
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (target === undefined || !/^https?:$/.test(target.protocol)) return undefined
  if (url.length > longest || url.includes('?')) return target
  if (known.size >= most) known.clear()
  known.set(url, target)
  return target
}
