import { sent as sentOutcome } from '@reachkit/core/spec'
import type { AnyChannel, ChannelDriver, Clock, DeliveryOutcome, DeliveryRequest } from '@reachkit/core/spec'

/** One attempt that a driver was asked to make. */
export interface SentMessage {
  readonly id: string
  readonly type: string
  /** The recipient's id. */
  readonly recipient: string
  readonly channel: string
  readonly provider: string
  readonly to: unknown
  readonly content: unknown
  readonly at: Date
  readonly outcome: DeliveryOutcome['kind']
}

/** What the next attempts on each channel end with. */
export type OutcomeScript = Map<string, DeliveryOutcome[]>

export interface Recording {
  readonly sent: SentMessage[]
  readonly script: OutcomeScript
  readonly clock: Clock
}

/** The app's channels with drivers that record. Schemas, weights, capabilities and estimates stay; nothing is opened or closed. */
export function recordChannels(
  channels: ReadonlyMap<string, AnyChannel>,
  recording: Recording,
): ReadonlyMap<string, AnyChannel> {
  return new Map([...channels].map(([name, channel]) => [name, recordChannel(channel, recording)]))
}

function recordChannel(channel: AnyChannel, recording: Recording): AnyChannel {
  const drivers = channel.drivers.map(({ driver, weight }) => ({ driver: recordDriver(driver, recording), weight }))
  return { name: channel.name, sticky: channel.sticky, drivers }
}

function recordDriver(driver: ChannelDriver<never, never>, recording: Recording): ChannelDriver<never, never> {
  const { specVersion, channel, provider, capabilities, addressing, address, content, html } = driver
  const deliver = async (request: DeliveryRequest): Promise<DeliveryOutcome> => {
    const outcome = recording.script.get(channel)?.shift() ?? sentOutcome(`test-${recording.sent.length + 1}`)
    recording.sent.push(
      recordOf(request, { channel, provider, at: new Date(recording.clock.now()), outcome: outcome.kind }),
    )
    return outcome
  }
  const estimate = driver.estimate && { estimate: driver.estimate.bind(driver) }
  return { specVersion, channel, provider, capabilities, addressing, address, content, html, ...estimate, deliver }
}

type Place = Pick<SentMessage, 'channel' | 'provider' | 'at' | 'outcome'>

function recordOf({ id, type, recipient, to, content }: DeliveryRequest, place: Place): SentMessage {
  return { id, type, recipient: recipient.id, to, content, ...place }
}
