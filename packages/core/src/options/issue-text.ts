import { shownName } from '../spec/index.js'

/** What a schema says of one field, in the words of any Standard Schema library. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

/**
 * An issue of a schema as an error text may tell it: where, and what is wrong. The words are the schema's own, which may
 * repeat what it was `given`: values and names that may be an address are taken out of them.
 */
export function issueText({ message, path = [] }: SchemaIssue, given: unknown): string {
  const value = valueAt(given, path)
  const said = withoutAddresses(withoutValue(withoutNames(message, value), value))
  return `${path.length === 0 ? 'data' : pathText(path)}: ${said}`
}

/** Where an issue is: `lines.0.price`. */
export function pathText(path: readonly unknown[]): string {
  return path.map((part) => shownName(keyOf(part))).join('.')
}

function keyOf(part: unknown): unknown {
  return typeof part === 'object' && part !== null && 'key' in part ? part.key : part
}

/** What stands at the place that an issue names. */
function valueAt(given: unknown, path: readonly unknown[]): unknown {
  let value = given
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[keyOf(part) as PropertyKey]
  }
  return value
}

/** A schema names the fields that it does not know. */
function withoutNames(message: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return message
  const hidden = Object.keys(value).filter((name) => name !== '' && shownName(name) !== name)
  // The longest first: one may be a part of another.
  return hidden
    .toSorted((a, b) => b.length - a.length)
    .reduce((said, name) => said.replaceAll(JSON.stringify(name), unknownField).replaceAll(name, unknownField), message)
}

const unknownField = 'an unknown field'

function withoutValue(message: string, value: unknown): string {
  const said = message.replace(
    /[,:]?(?: but)? received (?!undefined|null|string|number|boolean|object|array|nan)\S.*$/iu,
    '',
  )
  if (typeof value !== 'string' && typeof value !== 'number') return said
  const text = String(value)
  return text === '' || typeNames.has(text) ? said : said.replaceAll(text, '…')
}

const typeNames: ReadonlySet<string> = new Set(['undefined', 'null', 'string', 'number', 'boolean', 'object', 'array'])

/** Whatever is left that looks like an address or a telephone number, wherever the schema has it from. */
function withoutAddresses(message: string): string {
  return message.replaceAll(/\S*@\S*|\+?\d{6,}/g, '…')
}
