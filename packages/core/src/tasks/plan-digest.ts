import { hash } from 'node:crypto'
import { canonicalPlan } from '../audience/index.js'
import type { MessageDefinition } from '../message/definition.js'
import type { Task } from './document.js'

/**
 * What an approval pins, as one hash: the message type with its content and route as this process has them in code, the
 * data, the audience rule, the schedule and the limits. Functions count by their text.
 */
export function planDigest(task: Task, definition: MessageDefinition): string {
  const { key, version, purpose, lane, labels, ttlMs, content, route, onUnknown, retry } = definition
  const type = { key, version, purpose, lane, labels, ttlMs, content: [...content], route, onUnknown, retry }
  const { data, audience, schedule, until, missed, overlap, rate, hours, group, sandbox } = task
  const plan = {
    data,
    audience: canonicalPlan(audience),
    schedule,
    until,
    missed,
    overlap,
    rate,
    hours,
    group,
    sandbox,
    lane: task.lane,
    ttl: task.ttlMs,
  }
  return hash('sha256', JSON.stringify(sorted([type, plan])), 'base64url')
}

/** Whatever the order in which fields were written. */
function sorted(value: unknown): unknown {
  if (typeof value === 'function') return Function.prototype.toString.call(value)
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]))
}
