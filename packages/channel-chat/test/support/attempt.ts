import { memoryStore } from '@reachkit/core'
import {
  type AnyChannel,
  type ChannelDriver,
  type DeliveryContext,
  type DeliveryOutcome,
  type DeliveryRequest,
  type DriverEvent,
  isNotSentError,
  retry,
  unknown,
} from '@reachkit/core/spec'
import { type HttpVendor, seededRandom, startHttpVendor, type VendorAnswers, virtualClock } from '@reachkit/testing'
import { onTestFinished } from 'vitest'

/** A vendor on this machine that answers this, closed when the test is over. */
export async function vendorThat(answers: VendorAnswers): Promise<HttpVendor> {
  const vendor = await startHttpVendor({ answers: { accept: answers } })
  onTestFinished(async () => vendor.close())
  return vendor
}

export function driverOf(channel: Pick<AnyChannel, 'drivers'>): ChannelDriver {
  const [provider] = channel.drivers
  if (provider === undefined) throw new Error('the channel has no provider')
  const { driver } = provider
  return driver
}

export interface Attempted {
  readonly outcome: DeliveryOutcome
  readonly events: readonly DriverEvent[]
}

/** One attempt by a channel, at a time of the test's own; what core makes of a throw included. */
export async function attempt(
  channel: Pick<AnyChannel, 'drivers'>,
  request: Pick<DeliveryRequest, 'to' | 'content'>,
  now = 0,
): Promise<Attempted> {
  const driver = driverOf(channel)
  const events: DriverEvent[] = []
  const outcome = await driver
    .deliver(requestOf(request), await contextOf(now, events))
    .catch((error: unknown) => (isNotSentError(error) ? retry(error.afterMs, (error as Error).message) : unknown()))
  await driver.close?.()
  return { outcome, events }
}

/**
 * The kind of an outcome: `dead` for an address that is, `doubted` where it may be the account, `fault` where it is, and
 * `retry later` where nobody is at fault.
 */
export function kindOf({ outcome, events }: Attempted): string {
  const isTold = events.some(({ kind }) => kind === 'warning')
  if (outcome.kind === 'rejected' && outcome.invalidAddress) return 'dead'
  if (outcome.kind === 'rejected' && isTold) return 'doubted'
  if (outcome.kind !== 'retry' || (outcome.afterMs ?? 0) < 300_000)
    return isTold ? `${outcome.kind} told` : outcome.kind
  return isTold ? 'fault' : 'retry later'
}

/** What the channel's schema says of this content: the faults, as `path: message`. */
export async function faultsOf(channel: Pick<AnyChannel, 'drivers'>, content: unknown): Promise<readonly string[]> {
  const checked = await driverOf(channel).content['~standard'].validate(content)
  return (checked.issues ?? []).map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`)
}

export async function takesAddress(channel: Pick<AnyChannel, 'drivers'>, address: unknown): Promise<boolean> {
  return (await driverOf(channel).address['~standard'].validate(address)).issues === undefined
}

function requestOf({ to, content }: Pick<DeliveryRequest, 'to' | 'content'>): DeliveryRequest {
  return {
    id: 'parcel.0',
    tenant: 'acme',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    to,
    content,
    recipient: { id: 'user-1' },
    idempotencyKey: 'parcel.0.chat.1',
    attempt: 1,
  }
}

async function contextOf(now: number, events: DriverEvent[]): Promise<DeliveryContext> {
  const clock = virtualClock(now)
  const random = seededRandom(1)
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random, logger })
  const { signal } = new AbortController()
  return {
    signal,
    deadline: now + 30_000,
    fetch,
    clock,
    random,
    logger,
    state,
    report: (event) => void events.push(event),
  }
}
