import { createHash } from 'node:crypto'
import type { Clock } from '@reachkit/core/spec'
import { apnsPayload, apnsUrgency } from '../content/apns-payload.js'
import { collapseId } from '../content/collapse-id.js'
import type { PushText } from '../content/push-content.js'
import { isUrgent, ttlSeconds } from '../deliver/time-to-live.js'
import type { ApnsDevice } from '../device/push-device.js'
import type { PushRequest } from '../push-channel.js'

/** One POST to APNs. */
export interface ApnsRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The request of one device (Apple, "Sending notification requests to APNs"), but for its token. */
export function apnsRequest(
  { apns }: ApnsDevice,
  request: PushRequest,
  text: PushText,
  topic: string,
  clock: Clock,
): ApnsRequest {
  const { collapse, vendors } = text
  const { idempotencyKey, expires } = request
  const ttl = ttlSeconds(request, clock)
  const until = ttl === 0 ? 0 : Math.floor(clock.now() / 1_000) + ttl
  return {
    path: `/3/device/${apns}`,
    headers: {
      'apns-id': apnsIdOf(`${idempotencyKey} ${apns}`),
      'apns-topic': vendors?.apns?.topic ?? topic,
      ...apnsUrgency(text, isUrgent(request)),
      ...(expires !== undefined && { 'apns-expiration': String(until) }),
      'apns-collapse-id': collapseId(collapse, idempotencyKey),
    },
    body: Buffer.from(JSON.stringify(apnsPayload(request.id, text))),
  }
}

/** The same UUID for the same message to the same device, on every attempt (RFC 9562, 5.8). */
function apnsIdOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
