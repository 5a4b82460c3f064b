import type { DeliveryRequest } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import { idempotencyKey } from './idempotency-key.js'
import type { Attempt } from './journey.js'

/** What a driver is asked. @throws TypeError for an address that no idempotency key can be made of. */
export function deliveryRequest(
  attempt: Attempt,
  context: Pick<DispatchContext, 'clock' | 'storeNow'>,
): DeliveryRequest {
  const { journey, channel, address, content, number } = attempt
  const { message, definition, recipient } = journey
  return {
    id: message.id,
    tenant: message.tenant,
    type: message.type,
    lane: message.lane,
    purpose: definition.purpose,
    to: address,
    content,
    recipient: { id: recipient.id, locale: recipient.locale },
    idempotencyKey: idempotencyKey(message.id, channel.name, address, journey.progress.resend),
    attempt: number,
    // A ttl is judged by the store's clock; a driver has that of its process.
    ...(message.expires !== undefined && {
      expires: message.expires - context.storeNow() + context.clock.now(),
    }),
  }
}
