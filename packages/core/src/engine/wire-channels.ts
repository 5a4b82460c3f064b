import { WiredChannel } from '../channel/wired-channel.js'
import { DriverQueue } from '../dispatch/driver-queue.js'
import { ReachError } from '../spec/index.js'
import type { AnyChannel, ChannelDriver, Clock } from '../spec/index.js'

/** Gives each provider its queue and each channel its splitter. */
export function wireChannels(
  channels: ReadonlyMap<string, AnyChannel>,
  clock: Clock,
): ReadonlyMap<string, WiredChannel> {
  return new Map([...channels].map(([name, channel]) => [name, wireChannel(channel, clock)]))
}

function wireChannel({ name, sticky, drivers }: AnyChannel, clock: Clock): WiredChannel {
  const providers = drivers.map(({ driver, weight }) => {
    assertSpec(driver)
    const provider = {
      name: driver.provider,
      place: `${name}:${driver.provider}`,
      driver: driver as ChannelDriver,
      queue: new DriverQueue(driver.capabilities, clock),
    }
    return [provider, weight] as const
  })
  return new WiredChannel(name, sticky, providers)
}

function assertSpec({ specVersion, channel, provider }: ChannelDriver<never, never>): void {
  if (specVersion === 1) return
  const text = `the driver '${provider}' of channel '${channel}' was built for version ${String(specVersion)} of the contract; this core knows 1`
  throw new ReachError('REACH_SPEC_UNSUPPORTED', text)
}
