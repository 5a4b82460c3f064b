import { hash } from 'node:crypto'
import { sorted } from '../json/index.js'
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
  return hash('sha256', JSON.stringify(sorted([type, plan]), textOfFunctions), 'base64url')
}

function textOfFunctions(_name: string, value: unknown): unknown {
  return typeof value === 'function' ? Function.prototype.toString.call(value) : value
}
