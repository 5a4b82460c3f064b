import { isStorableText } from '../json/index.js'
import { shownName } from '../options/index.js'

/** Where in some JSON a text or a name stands that a store would refuse or change; undefined where there is none. */
export function findUnstorableText(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  const inList = Array.isArray(value)
  for (const [name, field] of Object.entries(value)) {
    if (!isStorableText(name)) return path
    const found = findUnstorableText(field, '')
    if (found !== undefined) return `${path}${inList ? `[${name}]` : `.${shownName(name)}`}${found}`
  }
  return undefined
}
