import { isPlainObject } from '../json/index.js'

/** An object or an array of the content; an array is keyed by the text of its positions. */
export type Keyed = Record<string, unknown>

/** A string of the content that holds a template, and the keys that lead to it. */
export interface PlacedText {
  readonly path: readonly string[]
  readonly text: string
}

/** What is looked into. Other objects, such as a Buffer, are values of their own. */
export function isContainer(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || isPlainObject(value))
}

export function containsItself(value: unknown, ancestors: readonly unknown[] = []): boolean {
  if (!isContainer(value)) return false
  const inner = [...ancestors, value]
  return ancestors.includes(value) || Object.values(value).some((child) => containsItself(child, inner))
}

/** The same content, frozen; what was given stays as it is. */
export function freezeCopy(value: Keyed): Keyed
export function freezeCopy(value: unknown): unknown
export function freezeCopy(value: unknown): unknown {
  if (!isContainer(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => freezeCopy(item)))
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, child]) => [key, freezeCopy(child)])))
}

/** Every template of the content. */
export function* textsOf(value: unknown, path: readonly string[] = []): Generator<PlacedText> {
  if (typeof value === 'string' && /\{[{%]/.test(value)) yield { path, text: value }
  if (!isContainer(value)) return
  for (const [key, child] of Object.entries(value)) yield* textsOf(child, [...path, key])
}
