import { compareTexts } from '@reachkit/core/spec'
import type { AttributeCondition } from '@reachkit/core/spec'
import { ofPath, ofRecipient, valueEntry } from './entries.js'

/** What an attribute condition asks of the entries of a recipient. */
export type Wanted =
  /** One of these is there. */
  | { readonly points: readonly string[] }
  /** One that begins so is there. */
  | { readonly prefix: string }
  /** One that meets all of these is there. */
  | { readonly bounds: readonly Bound[] }
  /** None that begins so is there. */
  | { readonly none: string }

export interface Bound {
  readonly operator: '>' | '>=' | '<' | '<=' | 'starts'
  readonly entry: string
}

const operators = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const
const nothing: Wanted = { points: [] }

export function wantedOf(condition: AttributeCondition): Wanted {
  const path = condition.of === 'recipient' ? ownPath(condition.attribute) : ofPath(condition.attribute)
  const points = pointsOf(condition)?.map((value) => path + valueEntry(value))
  const bounds = boundsOf(condition, path)
  const compares = points !== undefined || bounds.length > 0
  if (condition.exists === false) return compares ? nothing : { none: path }
  if (!compares) return { prefix: path }
  if (points !== undefined) return { points: points.filter((point) => bounds.every((bound) => meets(point, bound))) }
  const [only] = bounds
  return only?.operator === 'starts' && bounds.length === 1 ? { prefix: only.entry } : { bounds }
}

function ownPath(attribute: string): string {
  return attribute === 'id' ? ofRecipient.id : ofRecipient.locale
}

function pointsOf({ is, in: among }: AttributeCondition): AttributeCondition['in'] {
  if (is === undefined) return among
  return among === undefined || among.includes(is) ? [is] : []
}

/** With those that keep to values of the same kind. */
function boundsOf(condition: AttributeCondition, path: string): readonly Bound[] {
  const bounds = Object.entries(operators).flatMap(([field, operator]): Bound[] => {
    const value = condition[field as keyof typeof operators]
    if (value === undefined) return []
    const entry = path + valueEntry(value)
    return [
      { operator, entry },
      { operator: 'starts', entry: path + (typeof value === 'string' ? 's' : 'n') },
    ]
  })
  const { startsWith } = condition
  if (startsWith !== undefined) bounds.push({ operator: 'starts', entry: path + valueEntry(startsWith) })
  return bounds
}

function meets(point: string, { operator, entry }: Bound): boolean {
  if (operator === 'starts') return point.startsWith(entry)
  const order = compareTexts(point, entry)
  switch (operator) {
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
  }
}
