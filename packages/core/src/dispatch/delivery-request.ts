import type { DeliveryRequest } from '../spec/index.js'
import { idempotencyKey } from './idempotency-key.js'
import type { Attempt } from './journey.js'

/** What a driver is asked. @throws TypeError for an address that no idempotency key can be made of. */
export function deliveryRequest(attempt: Attempt): DeliveryRequest {
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
  }
}
