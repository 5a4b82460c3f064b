import type { DeliveryContext, DeliveryOutcome } from '@reachkit/core/spec'
import { laterMs } from '@reachkit/driver-kit'
import type { PushText } from '../content/push-content.js'
import { textFor } from '../content/text-for.js'
import { devicesOf } from '../device/devices-of.js'
import type { DeviceKind, DeviceOf } from '../device/push-device.js'
import type { PushRequest } from '../push-channel.js'
import { isDoubted } from './address-proof.js'
import { mergeOutcomes } from './merge-outcomes.js'
import { outcomeOfFailure } from './outcome-of-failure.js'

/** A driver's part: one attempt at one device. What it throws need not be caught. */
export interface DeviceSender<Kind extends DeviceKind> {
  readonly kind: Kind
  readonly provider: string
  send(device: DeviceOf<Kind>, text: PushText): Promise<DeliveryOutcome>
}

interface Result {
  readonly device: unknown
  readonly outcome: DeliveryOutcome
}

/**
 * One attempt at each device of the driver's kind, all at once. What only some devices have to say is reported: which are
 * dead, and which did not get what another one got.
 */
export async function deliverToDevices<Kind extends DeviceKind>(
  request: PushRequest,
  context: DeliveryContext,
  sender: DeviceSender<Kind>,
): Promise<DeliveryOutcome> {
  const devices = devicesOf(request.to, sender.kind)
  const results = await Promise.all(
    devices.map(async (device): Promise<Result> => {
      try {
        return { device, outcome: await sender.send(device, textFor(request.content, device)) }
      } catch (error) {
        return { device, outcome: outcomeOfFailure(sender.provider, error) }
      }
    }),
  )
  const outcome = mergeOutcomes(results.map((result) => result.outcome))
  report(request.id, results, outcome, context)
  return outcome
}

function report(
  messageId: string,
  results: readonly Result[],
  merged: DeliveryOutcome,
  context: DeliveryContext,
): void {
  const told = new Set<string>()
  for (const { device, outcome } of results) {
    if (outcome.kind === 'sent') continue
    const { reason = outcome.kind } = outcome
    if (outcome.kind === 'rejected' && outcome.invalidAddress)
      context.report({ kind: 'address-dead', messageId, address: device, reason })
    else if (merged.kind === 'sent') context.report({ kind: 'warning', messageId, address: device, reason })
    else if (isForPerson(outcome) && !told.has(reason)) {
      told.add(reason)
      context.report({ kind: 'warning', messageId, reason })
    }
  }
}

/** A fault of the account, its keys or its settings, or a quota that is used up: a person must see to it. */
function isForPerson(outcome: DeliveryOutcome): boolean {
  if (isDoubted(outcome)) return true
  if (outcome.kind !== 'retry') return false
  return (outcome.afterMs ?? 0) >= laterMs || / no access token| the function for /.test(outcome.reason ?? '')
}
