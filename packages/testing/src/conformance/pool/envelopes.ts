import type { Cargo, Envelope, Lane, PoolConsumer } from '@reachkit/core/spec'
import type { PoolSubject } from '../subject.js'

export function newEnvelope(id: string, over: Partial<Envelope> = {}): Envelope {
  const cargo: Cargo = { kind: 'messages', parcel: 'parcel', positions: [0], steps: [0] }
  return { id, schema: 1, tenant: 'acme', lane: 'P2', due: 0, weight: 1, cargo, ...over }
}

export function newEnvelopes(prefix: string, count: number, over: Partial<Envelope> = {}): readonly Envelope[] {
  return Array.from({ length: count }, (_, index) => newEnvelope(`${prefix}-${index}`, over))
}

/** What a call of `next` answers within a time; it is aborted then, and so answers none. */
export async function nextWithin(
  subject: PoolSubject,
  consumer: PoolConsumer,
  max: number,
  withinMs: number,
): Promise<readonly Envelope[]> {
  const controller = new AbortController()
  const ended = new AbortController()
  const answer = consumer.next(max, controller.signal).finally(() => ended.abort())
  await new Promise((resolve) => setImmediate(resolve))
  const stepMs = Math.max(1, Math.ceil(withinMs / 20))
  for (let passed = 0; !ended.signal.aborted && passed < withinMs; passed += stepMs) await subject.advance(stepMs)
  controller.abort()
  return answer
}

export interface TakeOptions {
  readonly lane?: Lane
  /** The most that one call of `next` is asked for. */
  readonly max?: number
  /** Beyond the time in which the pool notices something. */
  readonly waitMs?: number
}

/** Takes until so many are there, or the pool hands out nothing more. Nothing of it is acked. */
export async function take(
  subject: PoolSubject,
  count: number,
  options: TakeOptions = {},
): Promise<readonly Envelope[]> {
  const { lane = 'P2', max = count, waitMs = 0 } = options
  const consumer = subject.pool.consume(lane)
  const taken: Envelope[] = []
  while (taken.length < count) {
    const most = Math.min(max, count - taken.length)
    const envelopes = await nextWithin(subject, consumer, most, subject.timing.noticeMs + waitMs)
    if (envelopes.length === 0) break
    taken.push(...envelopes)
  }
  return taken
}

export async function takeIds(subject: PoolSubject, count: number, options?: TakeOptions): Promise<readonly string[]> {
  return (await take(subject, count, options)).map(({ id }) => id).toSorted()
}
