import type { MessageDefinition } from '../message/definition.js'
import { isPolicyFor } from './approval-policy.js'
import type { ApprovalPolicy } from './approval-policy.js'
import type { Task } from './document.js'
import { opensAt } from './hours.js'
import { planDigest } from './plan-digest.js'
import { isEnded } from './states.js'

/** It is looked again at a task that stands still after a second, and the longer it does, the later. */
const soonestMs = 1_000
const latestMs = 10_000

/** Whether a task may send now; `wait` until when it is looked at again, `end` where it never will. */
export type Permission =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'end' }
  /** What this process would send is not what was approved. */
  | { readonly kind: 'void'; readonly until: number }

/**
 * Whether what is of a task may go on, of which `read` recipients were read: asked by the worker before each page and each
 * envelope of it, so that no caller can pass it by.
 */
export function mayRun(
  task: Task,
  definition: MessageDefinition | undefined,
  now: number,
  policies: readonly ApprovalPolicy[],
  read = 0,
): Permission {
  if (task.state === 'cancelled' || task.state === 'rejected' || task.state === 'failed') return { kind: 'end' }
  const later = now + patience(now - (task.moves.at(-1)?.at ?? now))
  if (task.state !== 'active' && !isEnded(task.state)) return { kind: 'wait', until: later }
  // Another process may know the type: this one does not touch it.
  if (definition === undefined) return { kind: 'wait', until: later }
  if (!isApproved(task, definition, policies, read)) return { kind: 'void', until: later }
  const opens = task.hours === undefined ? now : opensAt(task.hours, now)
  return opens > now ? { kind: 'wait', until: opens } : { kind: 'go' }
}

function patience(stoodMs: number): number {
  return Math.min(latestMs, Math.max(soonestMs, Math.floor(stoodMs / 20)))
}

/** Digests of a task as it stands do not change; hashing the content of a type for each page would be all that is done. */
const digests = new WeakMap<Task, Map<MessageDefinition, string>>()

/** What was approved, or needs no approval: whoever created it may not have known of the policy. */
function isApproved(
  task: Task,
  definition: MessageDefinition,
  policies: readonly ApprovalPolicy[],
  read: number,
): boolean {
  const { approval, counted = read } = task
  if (approval === undefined) return !policies.some((policy) => isPolicyFor(policy, task, definition, counted))
  const known = digests.get(task) ?? new Map<MessageDefinition, string>()
  digests.set(task, known)
  const digest = known.get(definition) ?? planDigest(task, definition)
  known.set(definition, digest)
  return approval.hash === digest && approval.given.length >= approval.steps.length
}
