import { pass } from '../spec/index.js'
import type { Verdict } from '../spec/index.js'

/** What a gate answered for one item, or undefined where that is no verdict: a gate of an app may answer anything. */
export function parseVerdict(value: unknown, now: number): Verdict | undefined {
  if (value === pass) return pass
  if (!isVerdict(value)) return undefined
  // An instant that has passed would bring the message back in the same moment, for ever.
  return value.kind === 'defer' && value.until <= now ? { ...value, until: now + 1 } : value
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  switch (value.kind) {
    case 'pass':
      return true
    case 'reject':
      return hasReason(value)
    case 'defer':
      return hasReason(value) && 'until' in value && Number.isFinite(value.until)
    case 'reroute':
      return hasReason(value) && (!('to' in value) || value.to === undefined || isNames(value.to))
    default:
      return false
  }
}

function hasReason(value: object): boolean {
  if (!('reason' in value) || typeof value.reason !== 'object' || value.reason === null) return false
  return 'code' in value.reason && typeof value.reason.code === 'string'
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}
