import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance } from '../src/route/advance.js'
import type { Advance, SplitNode } from '../src/route/advance.js'
import { noProgress, withLeg } from '../src/route/progress.js'
import type { LegProgress, Progress } from '../src/route/progress.js'
import type { RouteNode } from '../src/route/route.js'
import { channelsIn } from '../src/route/typed-route.js'

/** A route over distinct channels. */
const routes: fc.Arbitrary<RouteNode> = fc
  .letrec<{ node: Shape }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constant<Shape>({ kind: 'channel' }),
      fc.record({
        kind: fc.constantFrom('all' as const, 'firstOf' as const, 'unless' as const),
        legs: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('split' as const), count: fc.integer({ min: 1, max: 3 }) }),
    ),
  }))
  .node.map((shape) => named(shape, { next: 0 }))

type Shape =
  | { readonly kind: 'channel' }
  | { readonly kind: 'all' | 'firstOf' | 'unless'; readonly legs: readonly Shape[] }
  | { readonly kind: 'split'; readonly count: number }

function named(shape: Shape, names: { next: number }): RouteNode {
  const name = (): string => `c${(names.next += 1)}`
  if (shape.kind === 'channel') return { kind: 'channel', channel: name() }
  if (shape.kind === 'split')
    return {
      kind: 'split',
      sticky: 'message',
      legs: Array.from({ length: shape.count }, () => ({ channel: name(), weight: 1 })),
    }
  const legs = shape.legs.map((leg) => named(leg, names))
  if (shape.kind === 'all') return { kind: 'all', legs }
  return { kind: 'firstOf', legs, wait: shape.kind === 'unless' ? { until: 'delivered', withinMs: 50 } : undefined }
}

/** What happens to each attempt, and to a message that waits for a receipt. */
const fates = fc.array(fc.constantFrom('sent', 'failed', 'retry', 'unknown', 'delivered'), {
  minLength: 1,
  maxLength: 30,
})

interface Walk {
  readonly end: Exclude<Advance, { kind: 'open' }>
  readonly progress: Progress
  readonly attempts: readonly string[][]
}

const pick = (node: SplitNode, _place: string, failed: ReadonlySet<string>): string | undefined =>
  node.legs.find(({ channel }) => !failed.has(channel))?.channel

function walk(route: RouteNode, fate: readonly string[]): Walk {
  let progress = noProgress
  let now = 0
  let turn = 0
  const attempts: string[][] = []
  for (let move = 0; move < 1_000; move += 1) {
    const next = advance(route, progress, { now, pick })
    if (next.kind !== 'open') return { end: next, progress, attempts }
    if (next.attempt.length === 0) {
      expect(next.due, 'a wait has to be for later').toBeGreaterThan(now)
      now = next.due
      continue
    }
    attempts.push([...next.attempt])
    for (const channel of next.attempt) {
      assertMayBeTried(channel, progress, now)
      progress = withLeg(progress, channel, legAfter(fate[turn++ % fate.length], progress.legs[channel], now))
    }
  }
  throw new Error('does not end')
}

function assertMayBeTried(channel: string, progress: Progress, now: number): void {
  const leg = progress.legs[channel]
  expect(leg === undefined || (leg.state === 'retry' && (leg.due ?? 0) <= now), `${channel} is finished`).toBe(true)
}

function legAfter(fate: string | undefined, before: LegProgress | undefined, now: number): LegProgress {
  const attempts = (before?.attempts ?? 0) + 1
  if (fate === 'retry')
    return attempts >= 4 ? { state: 'failed', attempts } : { state: 'retry', attempts, due: now + 10 }
  if (fate === 'sent' || fate === 'delivered') return { state: fate, attempts, at: now }
  return { state: fate === 'unknown' ? 'unknown' : 'failed', attempts }
}

const isSent = (leg: LegProgress | undefined): boolean => ['sent', 'delivered', 'read'].includes(leg?.state ?? '')

/**
 * What has become of a part of a route that has come to rest: held where one of its legs is, an `all` sent where every leg
 * is and partly sent where some are, the others what their first leg that was sent says; untouched where it was never begun.
 */
function standing(node: RouteNode, progress: Progress): 'sent' | 'failed' | 'held' | 'partly-sent' | 'untouched' {
  if (node.kind === 'channel') {
    const leg = progress.legs[node.channel]
    if (leg === undefined) return 'untouched'
    return isSent(leg) ? 'sent' : leg.state === 'unknown' ? 'held' : 'failed'
  }
  const parts =
    node.kind === 'split'
      ? node.legs.map(({ channel }) => standing({ kind: 'channel', channel }, progress))
      : node.legs.map((leg) => standing(leg, progress))
  if (parts.every((part) => part === 'untouched')) return 'untouched'
  if (parts.includes('held')) return 'held'
  if (node.kind === 'all' && parts.some((part) => part !== 'sent')) {
    return parts.every((part) => part === 'failed') ? 'failed' : 'partly-sent'
  }
  return parts.find((part) => part === 'sent' || part === 'partly-sent') ?? 'failed'
}

describe('advance', () => {
  it('ends for every route and whatever happens, tries no finished channel, and waits only for later.', () => {
    fc.assert(
      fc.property(routes, fates, (route, fate) => {
        const { progress } = walk(route, fate)
        const known = new Set(channelsIn(route))
        for (const channel of Object.keys(progress.legs)) expect(known.has(channel)).toBe(true)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('tries two legs of a firstOf or a split never at once.', () => {
    fc.assert(
      fc.property(routes, fates, (route, fate) => {
        for (const attempt of walk(route, fate).attempts) assertOneLegAtOnce(route, new Set(attempt))
      }),
      { numRuns: 2_000, seed: 2 },
    )
  })

  it('ends as its legs add up: held where one is, else sent, partly sent or failed.', () => {
    fc.assert(
      fc.property(routes, fates, (route, fate) => {
        const { end, progress } = walk(route, fate)
        const stands = standing(route, progress)
        const anySent = Object.values(progress.legs).some(isSent)
        const anyUnknown = Object.values(progress.legs).some(({ state }) => state === 'unknown')
        if (end.kind === 'failed') expect([anySent, anyUnknown]).toEqual([false, false])
        if (end.kind === 'held') expect(anyUnknown).toBe(true)
        if (end.kind === 'sent' || end.kind === 'partly-sent') expect(anySent).toBe(true)
        if (anyUnknown) expect(end.kind).toBe('held')
        else if (!containsWait(route)) expect(end.kind).toBe(stands)
      }),
      { numRuns: 2_000, seed: 3 },
    )
  })

  it('goes on with the route exactly where a leg failed.', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 }), (legs, failing) => {
        const route: RouteNode = {
          kind: 'firstOf',
          wait: undefined,
          legs: Array.from({ length: legs }, (_, index) => ({ kind: 'channel', channel: `c${index}` })),
        }
        const fate = [...Array.from({ length: failing }, () => 'failed'), ...Array.from({ length: 10 }, () => 'sent')]
        const { end, attempts } = walk(route, fate)
        expect(attempts.length).toBe(Math.min(legs, failing + 1))
        expect(end.kind).toBe(failing >= legs ? 'failed' : 'sent')
      }),
      { seed: 4 },
    )
  })
})

function containsWait(node: RouteNode): boolean {
  if (node.kind === 'channel' || node.kind === 'split') return false
  return (node.kind === 'firstOf' && node.wait !== undefined) || node.legs.some(containsWait)
}

function assertOneLegAtOnce(node: RouteNode, attempted: ReadonlySet<string>): void {
  if (node.kind === 'channel') return
  const legs = node.kind === 'split' ? node.legs.map(({ channel }) => [channel]) : node.legs.map(channelsIn)
  const at = legs.filter((channels) => channels.some((channel) => attempted.has(channel)))
  if (node.kind !== 'all') expect(at.length).toBeLessThanOrEqual(1)
  if (node.kind !== 'split') for (const leg of node.legs) assertOneLegAtOnce(leg, attempted)
}
