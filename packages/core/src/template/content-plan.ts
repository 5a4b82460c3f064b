import type { Reason } from '../spec/index.js'
import { isContainer } from './content-walk.js'
import type { Keyed } from './content-walk.js'
import type { RenderScope, TextTemplate } from './render-scope.js'

/** A template and the keys that lead to it. */
export interface PlacedTemplate {
  readonly path: readonly string[]
  readonly template: TextTemplate
}

/** The content of one message, or why there is none: `template-value-missing` or `content-failed`. */
export type Rendered =
  | { readonly kind: 'rendered'; readonly content: unknown }
  | { readonly kind: 'failed'; readonly reason: Reason }

/** An object or array on the way to a template: copied for each message. All others are shared. */
interface Container {
  readonly shape: Keyed
  readonly parent: number
  readonly key: string
}

interface Slot {
  readonly container: number
  readonly key: string
  readonly template: TextTemplate
}

/**
 * How frozen content becomes the content of one message: which containers to copy, parents first, and which of their
 * strings to fill in. What holds no template is never looked at again; without any, the content itself is the answer.
 */
export function planContent(content: Keyed, templates: readonly PlacedTemplate[]): (scope: RenderScope) => Rendered {
  const unchanged: Rendered = { kind: 'rendered', content }
  if (templates.length === 0) return () => unchanged
  const containers: Container[] = [{ shape: content, parent: -1, key: '' }]
  const slots = templates.map(({ path, template }): Slot => {
    return { container: containerAt(path.slice(0, -1), containers), key: path.at(-1) ?? '', template }
  })
  return (scope) => fill(containers, slots, scope)
}

/** The position of the container at the path; it and those above it are listed where they are not yet. */
function containerAt(path: readonly string[], containers: Container[]): number {
  let parent = 0
  for (const key of path) {
    const shape = containers[parent]?.shape[key]
    if (!isContainer(shape)) break
    const known = containers.findIndex((container) => container.shape === shape)
    parent = known === -1 ? containers.push({ shape, parent, key }) - 1 : known
  }
  return parent
}

function fill(containers: readonly Container[], slots: readonly Slot[], scope: RenderScope): Rendered {
  const copies = copyAll(containers)
  for (const { container, key, template } of slots) {
    const text = template.render(scope)
    if (typeof text !== 'string') return { kind: 'failed', reason: text }
    put(copies[container], key, text)
  }
  return { kind: 'rendered', content: copies[0] }
}

function copyAll(containers: readonly Container[]): readonly Keyed[] {
  const copies = containers.map(({ shape }) => copyOf(shape))
  for (const [index, { parent, key }] of containers.entries()) {
    const copy = copies[index]
    if (parent >= 0 && copy !== undefined) put(copies[parent], key, copy)
  }
  return copies
}

function copyOf(shape: Keyed): Keyed {
  return Array.isArray(shape) ? Object.assign([], shape) : { ...shape }
}

/** The key is there already, so that order stays and `__proto__` is a key like any other. The root has no target. */
function put(target: Keyed | undefined, key: string, value: unknown): void {
  if (target !== undefined) target[key] = value
}
