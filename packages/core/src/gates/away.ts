import type { Gate } from '../spec/index.js'
import { noteKey } from './noted-item.js'
import type { Decision, NotedItem } from './noted-item.js'

const firstMs = 5_000
const longestMs = 300_000
const jitter = 0.25

/**
 * A gate that is away lets nothing through: the message waits, ever longer from one time to the next. How often it was is
 * a note of its own, so that what the gate itself noted stays; an attempt that is made forgets both. `chance` (0 to 1) is
 * one for all that were asked together, so that they stay together.
 */
export function awayDecision({ name }: Gate, item: NotedItem | undefined, now: number, chance: number): Decision {
  const gate = `away from ${name}`
  const times = Number(item?.notes?.[noteKey(gate, item.channel)] ?? 0)
  const reason = { code: 'gate-failed', detail: name }
  return { gate, verdict: { kind: 'defer', until: now + waitMs(times, chance), reason, note: String(times + 1) } }
}

/** 5 s, doubling up to 5 min, and up to a quarter more: others that are away for the same reason come at other times. */
function waitMs(times: number, chance: number): number {
  const least = Math.min(longestMs, firstMs * 2 ** Math.min(times, 10))
  return least + Math.floor(least * jitter * chance)
}
