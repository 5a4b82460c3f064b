import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  type DriverCapabilities,
  ReachError,
} from '@reachkit/core/spec'
import type { PushContent } from './content/push-content.js'
import { contentSchema } from './content/content-schema.js'
import { mergeOutcomes } from './deliver/merge-outcomes.js'
import { outcomeOfFailure } from './deliver/outcome-of-failure.js'
import { anyAddressSchema } from './device/address-schema.js'
import { listOf } from './device/devices-of.js'
import type { PushAddress, PushDevice } from './device/push-device.js'
import type { PushChannel, PushRequest } from './push-channel.js'

type PushDriver = ChannelDriver<PushAddress, PushContent>

/**
 * One channel over several push services: each device of a recipient is reached by the service that it has an address of. A
 * message is sent when one device took it, whichever service that was.
 *
 * Its limits are those of the strictest service. Throws REACH_OPTION_INVALID without a service, and for a split.
 */
export function byDevice(...services: readonly PushChannel[]): PushChannel {
  const drivers = services.map(onlyDriver)
  if (drivers.length === 0)
    throw new ReachError('REACH_OPTION_INVALID', 'byDevice: at least one push service must be given')
  return channelOf({
    specVersion: 1,
    channel: 'push',
    provider: 'devices',
    addressing: 'address',
    address: anyAddressSchema,
    content: contentSchema,
    html: [],
    capabilities: strictest(drivers.map(({ capabilities }) => capabilities)),
    deliver: async (request, context) => deliverByDevice(drivers, request, context),
    async close() {
      await Promise.all(drivers.map(async (driver) => driver.close?.()))
    },
  } satisfies PushDriver & { readonly channel: 'push' })
}

async function deliverByDevice(
  drivers: readonly PushDriver[],
  request: PushRequest,
  context: DeliveryContext,
): Promise<DeliveryOutcome> {
  const groups = await groupsOf(listOf(request.to), drivers, (device) =>
    context.report({ kind: 'warning', messageId: request.id, address: device, reason: 'devices no service' }),
  )
  const results = await Promise.all(
    groups.map(async ({ driver, devices }) => {
      const outcome = await attemptOf(driver, { ...request, to: devices }, context)
      return { devices, outcome }
    }),
  )
  const merged = mergeOutcomes(results.map(({ outcome }) => outcome))
  if (merged.kind === 'sent') for (const result of results) reportMissed(request.id, result, context)
  return merged
}

interface Group {
  readonly driver: PushDriver
  readonly devices: PushDevice[]
}

/** The devices of each service, by what its schema of addresses takes. */
async function groupsOf(
  devices: readonly PushDevice[],
  drivers: readonly PushDriver[],
  leftOver: (device: PushDevice) => void,
): Promise<readonly Group[]> {
  const groups = drivers.map((driver): Group => ({ driver, devices: [] }))
  for (const device of devices) {
    const group = await firstThatTakes(device, groups)
    if (group === undefined) leftOver(device)
    else group.devices.push(device)
  }
  return groups.filter((group) => group.devices.length > 0)
}

async function firstThatTakes(device: PushDevice, groups: readonly Group[]): Promise<Group | undefined> {
  for (const group of groups) {
    const checked = await group.driver.address['~standard'].validate(device)
    if (checked.issues === undefined) return group
  }
  return undefined
}

async function attemptOf(driver: PushDriver, request: PushRequest, context: DeliveryContext): Promise<DeliveryOutcome> {
  try {
    return await driver.deliver(request, context)
  } catch (error) {
    return outcomeOfFailure(driver.provider, error)
  }
}

/** What a service could not do that another one did: dead devices it has told itself. */
function reportMissed(
  messageId: string,
  { devices, outcome }: { readonly devices: readonly PushDevice[]; readonly outcome: DeliveryOutcome },
  context: DeliveryContext,
): void {
  if (outcome.kind === 'sent' || (outcome.kind === 'rejected' && outcome.invalidAddress)) return
  const { reason = outcome.kind } = outcome
  for (const device of devices) context.report({ kind: 'warning', messageId, address: device, reason })
}

function onlyDriver({ drivers }: PushChannel): PushDriver {
  const [only] = drivers
  if (only === undefined || drivers.length > 1)
    throw new ReachError('REACH_OPTION_INVALID', 'byDevice: each push service must be one provider, and no split')
  return only.driver
}

function strictest(all: readonly DriverCapabilities[]): DriverCapabilities {
  const rates = all.flatMap(({ rate }) => rate ?? [])
  const costs = all.flatMap(({ cost }) => cost ?? [])
  const rate = rates.toSorted((one, other) => one.count / one.perMs - other.count / other.perMs)[0]
  const cost = costs.toSorted((one, other) => other.micros - one.micros)[0]
  return {
    deduplicates: all.every(({ deduplicates }) => deduplicates),
    batch: 1,
    concurrency: Math.min(...all.map(({ concurrency }) => concurrency)),
    timeoutMs: Math.max(...all.map(({ timeoutMs }) => timeoutMs)),
    ...(rate !== undefined && { rate }),
    ...(cost !== undefined && { cost }),
  }
}
