import type { LegProgress, Progress } from './progress.js'
import type { RouteNode, RouteWait } from './route.js'

/** How a part of a route stands: `open` has channels to attempt, or waits until `due` for its own sake. */
export type Advance =
  | { readonly kind: 'open'; readonly attempt: readonly string[]; readonly due: number; readonly waits: Waiting }
  | { readonly kind: 'sent' | 'partly-sent' | 'failed' | 'held' }

/** What an open route waits for where nothing is to be attempted: the next try, or a receipt. */
type Waiting = 'retry' | 'receipt'

export interface AdvanceContext {
  readonly now: number
  /** The channel that a split chooses, given those that failed; undefined when none is left. */
  readonly pick: (node: SplitNode, place: string, failed: ReadonlySet<string>) => string | undefined
}

export type SplitNode = Extract<RouteNode, { readonly kind: 'split' }>

/** The next move of a message on its route. Pure: the same progress, time and picks give the same answer. */
export function advance(node: RouteNode, progress: Progress, context: AdvanceContext, place = '0'): Advance {
  switch (node.kind) {
    case 'channel':
      return advanceChannel(node.channel, progress.legs[node.channel], context.now)
    case 'all':
      return joinAll(node.legs.map((leg, index) => advance(leg, progress, context, `${place}.${index}`)))
    case 'firstOf':
      return advanceFirst(node.legs, node.wait, progress, context, place)
    case 'split':
      return advanceSplit(node, progress, context, place)
  }
}

function advanceChannel(channel: string, leg: LegProgress | undefined, now: number): Advance {
  if (leg === undefined) return { kind: 'open', attempt: [channel], due: now, waits: 'retry' }
  switch (leg.state) {
    case 'retry': {
      const due = leg.due ?? now
      return { kind: 'open', attempt: due <= now ? [channel] : [], due, waits: 'retry' }
    }
    case 'sent':
    case 'delivered':
    case 'read':
      return { kind: 'sent' }
    case 'failed':
      return { kind: 'failed' }
    case 'unknown':
      return { kind: 'held' }
  }
}

/** `all`: open while a leg is; then held if a leg is; then sent, partly sent or failed. */
function joinAll(legs: readonly Advance[]): Advance {
  const open = legs.filter((leg) => leg.kind === 'open')
  const first = open.toSorted((a, b) => a.due - b.due)[0]
  if (first !== undefined) {
    return { kind: 'open', attempt: open.flatMap((leg) => leg.attempt), due: first.due, waits: first.waits }
  }
  if (legs.some((leg) => leg.kind === 'held')) return { kind: 'held' }
  if (legs.every((leg) => leg.kind === 'sent')) return { kind: 'sent' }
  return legs.every((leg) => leg.kind === 'failed') ? { kind: 'failed' } : { kind: 'partly-sent' }
}

function advanceFirst(
  legs: readonly RouteNode[],
  wait: RouteWait | undefined,
  progress: Progress,
  context: AdvanceContext,
  place: string,
): Advance {
  let unread = false
  for (const [index, leg] of legs.entries()) {
    const stands = advance(leg, progress, context, `${place}.${index}`)
    if (stands.kind === 'failed') continue
    if (stands.kind === 'open' || stands.kind === 'held') return stands
    if (wait === undefined || index === legs.length - 1) return stands
    const until = receiptDue(leg, progress, wait)
    if (until === undefined) return stands
    if (until > context.now) return { kind: 'open', attempt: [], due: until, waits: 'receipt' }
    unread = true
  }
  return { kind: unread ? 'sent' : 'failed' }
}

/** Until when a sent leg may still get its receipt; undefined where it came. */
function receiptDue(node: RouteNode, progress: Progress, wait: RouteWait): number | undefined {
  const sent = channelsOf(node).flatMap((channel) => progress.legs[channel] ?? [])
  if (sent.some(({ state }) => state === 'read' || state === wait.until)) return undefined
  const last = Math.max(...sent.map(({ at }) => at ?? 0))
  return last + wait.withinMs
}

function channelsOf(node: RouteNode): readonly string[] {
  if (node.kind === 'channel') return [node.channel]
  if (node.kind === 'split') return node.legs.map(({ channel }) => channel)
  return node.legs.flatMap(channelsOf)
}

function advanceSplit(node: SplitNode, progress: Progress, context: AdvanceContext, place: string): Advance {
  const failed = new Set(
    node.legs.flatMap(({ channel }) => (progress.legs[channel]?.state === 'failed' ? [channel] : [])),
  )
  const before = node.legs.find(({ channel }) => progress.legs[channel] !== undefined && !failed.has(channel))
  const chosen = before?.channel ?? context.pick(node, place, failed)
  return chosen === undefined ? { kind: 'failed' } : advanceChannel(chosen, progress.legs[chosen], context.now)
}
