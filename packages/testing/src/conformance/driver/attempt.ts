import { inspect } from 'node:util'
import { memoryStore } from '@reachkit/core'
import { isNotSentError, unknown, retry } from '@reachkit/core/spec'
import type { Clock, DeliveryContext, DeliveryOutcome, DeliveryRequest, Logger, State } from '@reachkit/core/spec'
import { seededRandom } from '../../random/index.js'
import type { CounterpartMode, DriverSubject } from './subject.js'
import { soon } from '../soon.js'

export interface Attempt {
  /** What core makes of it: a throw is `unknown`, or `retry` where nothing left. */
  readonly outcome: DeliveryOutcome
  /** All that was logged, reported, thrown or given as a reason, as one text. */
  readonly told: string
}

const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref()
    return () => clearTimeout(timer)
  },
}

export function requestOf({ to, content }: DriverSubject, over: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    id: 'parcel.0',
    tenant: 'acme',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    to,
    content,
    recipient: { id: 'user-1' },
    idempotencyKey: 'key-1',
    attempt: 1,
    ...over,
  }
}

export async function contextOf(
  subject: DriverSubject,
  told: string[],
  signal?: AbortSignal,
): Promise<DeliveryContext> {
  const random = seededRandom(1)
  const logger = recordingLogger(told)
  return {
    signal: signal ?? new AbortController().signal,
    deadline: Date.now() + subject.driver.capabilities.timeoutMs,
    fetch: subject.fetch ?? fetch,
    clock: realClock,
    random,
    logger,
    state: subject.state ?? (await memoryState({ clock: realClock, random, logger })),
    report: ({ reason }) => told.push(reason),
  }
}

/** One attempt, and what became of it. */
export async function attempt(
  subject: DriverSubject,
  options: { signal?: AbortSignal; over?: Partial<DeliveryRequest> } = {},
): Promise<Attempt> {
  const told: string[] = []
  const context = await contextOf(subject, told, options.signal)
  const outcome = await soon(
    outcomeOf(subject, requestOf(subject, options.over), context, told),
    'the attempt',
    subject.patienceMs,
  )
  if ('reason' in outcome && outcome.reason !== undefined) told.push(outcome.reason)
  return { outcome, told: told.join('\n') }
}

export async function attemptIn(subject: DriverSubject, mode: CounterpartMode): Promise<Attempt> {
  await subject.counterpart.tell(mode)
  return attempt(subject)
}

async function outcomeOf(
  { driver }: DriverSubject,
  request: DeliveryRequest,
  context: DeliveryContext,
  told: string[],
): Promise<DeliveryOutcome> {
  try {
    return await driver.deliver(request, context)
  } catch (error) {
    told.push(inspect(error, { depth: 10 }))
    return isNotSentError(error) ? retry(error.afterMs) : unknown()
  }
}

function recordingLogger(told: string[]): Logger {
  const record = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    told.push(`${message} ${inspect(fields, { depth: 10 })}`)
  }
  return { debug: record, info: record, warn: record, error: record }
}

async function memoryState(context: {
  clock: Clock
  random: DeliveryContext['random']
  logger: Logger
}): Promise<State> {
  return (await memoryStore().open(context)).state
}
