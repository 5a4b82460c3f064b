import type { State } from '../spec/index.js'
import type { Rate } from './document.js'

/** Pages of a slow task are small: no more than what may go out in this time. */
const pageMs = 250
/** A page is taken no earlier than this before it is due. */
const aheadMs = 1_000
const farMs = 366 * 86_400_000

/** How many recipients a page of a task with this rate has, at most `most`. */
export function pageSizeOf(rate: Rate | undefined, most: number): number {
  if (rate === undefined) return most
  return Math.max(1, Math.min(most, Math.floor((rate.count * pageMs) / rate.perMs)))
}

/**
 * When a page of so many may go out by the rate of its task, which all processes share: each page is given an instant of
 * its own. `wait` where that is too far ahead to read the page now; then nothing was taken.
 */
export async function paceOf(
  task: string,
  rate: Rate,
  count: number,
  state: Pick<State, 'take'>,
  now: number,
): Promise<{ readonly due: number } | { readonly wait: number }> {
  const burst = Math.max(count, pageSizeOf(rate, rate.count))
  const take = { key: `task:${task}`, tokens: rate.count, perMs: rate.perMs, burst, cost: count }
  const [answer] = await state.take([{ ...take, maxWaitMs: aheadMs }])
  if (answer === undefined || answer.granted) return { due: 0 }
  if (answer.reserved) return { due: answer.at }
  return { wait: Math.max(now + 1, Math.min(answer.at - aheadMs / 2, now + farMs)) }
}
