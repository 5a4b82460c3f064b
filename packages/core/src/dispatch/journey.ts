import type { WiredChannel, WiredProvider } from '../channel/wired-channel.js'
import type { MessageDefinition } from '../message/definition.js'
import type { Progress } from '../route/progress.js'
import type { RouteNode } from '../route/route.js'
import type { NotedItem } from '../gates/noted-item.js'
import { expectedCost } from './cost-of-attempt.js'
import type { Deadline } from './deadline.js'
import type { ClaimedMessage, Cost, DeliveryOutcome, HistoryEvent, Recipient } from '../spec/index.js'

/** One message on its way through this process, from claim to settle. */
export interface Journey {
  readonly message: ClaimedMessage
  readonly definition: MessageDefinition
  readonly data: unknown
  readonly recipient: Recipient
  progress: Progress
  /** What the slice at hand attempts for it. */
  attempts: Attempt[]
  /** What history is told when it is settled. */
  events: HistoryEvent[]
  /** The attempts have become what the message goes to: an outcome that comes now is late. */
  concluded: boolean
  /** A gate or its content stopped it in the slice at hand: it is planned anew. */
  stopped: boolean
}

/** One try of one message on one channel by one provider. */
export interface Attempt {
  readonly journey: Journey
  readonly channel: WiredChannel
  readonly provider: WiredProvider
  readonly number: number
  address: unknown
  content: unknown
  /** What the driver says that the content costs at most. */
  cost: Cost | undefined
  outcome: DeliveryOutcome | undefined
  /** When it must have ended, once it was begun. */
  deadline: Deadline | undefined
  /** When it was begun, in monotonic time. */
  startedAt: number
  /** How long it took, once it has an outcome. */
  tookMs: number
}

/** A try that is not made yet. */
export function newAttempt(journey: Journey, channel: WiredChannel, provider: WiredProvider, number: number): Attempt {
  return {
    journey,
    channel,
    provider,
    number,
    address: undefined,
    content: undefined,
    cost: undefined,
    outcome: undefined,
    deadline: undefined,
    startedAt: 0,
    tookMs: 0,
  }
}

/** The route of a message: its type's, or the channels that a gate put in its place. */
export function routeOf({ definition, progress }: Pick<Journey, 'definition' | 'progress'>): RouteNode {
  if (progress.to === undefined) return definition.route
  const legs = progress.to.map((channel) => ({ kind: 'channel', channel }) as const)
  return { kind: 'firstOf', legs, wait: undefined }
}

/** What a gate sees of a message. */
export function messageItem(journey: Journey): NotedItem {
  const { message, definition, recipient, data, progress } = journey
  const item = {
    id: message.id,
    message: message.id,
    tenant: message.tenant,
    type: message.type,
    lane: message.lane,
    purpose: definition.purpose,
    labels: message.labels,
    recipient,
    data,
    expires: message.expires,
    acceptedAt: message.acceptedAt,
  }
  return progress.notes === undefined ? item : { ...item, notes: progress.notes }
}

/** What a gate sees of a delivery. Made for each message more than once, so all at once, and spread only where that is rare. */
export function deliveryItem(attempt: Attempt): NotedItem {
  const { journey, channel, provider, address } = attempt
  const { message, definition, recipient, data, progress } = journey
  const cost = expectedCost(attempt)
  const item = {
    id: deliveryItemId(attempt),
    message: message.id,
    tenant: message.tenant,
    type: message.type,
    lane: message.lane,
    purpose: definition.purpose,
    labels: message.labels,
    recipient,
    data,
    expires: message.expires,
    acceptedAt: message.acceptedAt,
    channel: channel.name,
    provider: provider.name,
    address,
  }
  if (cost === undefined && progress.notes === undefined) return item
  return {
    ...item,
    ...(cost !== undefined && { cost }),
    ...(progress.notes !== undefined && { notes: progress.notes }),
  }
}

/** Names a delivery in a reservation. */
export function deliveryItemId({ journey, channel }: Attempt): string {
  return `${journey.message.id}/${channel.name}`
}

/** A message at the start of its way through this process. */
export function newJourney(of: Pick<Journey, 'message' | 'definition' | 'data' | 'recipient' | 'progress'>): Journey {
  const { message, definition, data, recipient, progress } = of
  return {
    message,
    definition,
    data,
    recipient,
    progress,
    attempts: [],
    events: [],
    concluded: false,
    stopped: false,
  }
}

/** Hands the events over: whoever takes them may add to the array. */
export function takeEvents(journey: Journey): HistoryEvent[] {
  const { events } = journey
  journey.events = []
  return events
}
