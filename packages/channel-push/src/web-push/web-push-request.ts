import { createHash } from 'node:crypto'
import type { Clock, Lane } from '@reachkit/core/spec'
import type { HttpRequest } from '@reachkit/driver-kit'
import type { PushText } from '../content/push-content.js'
import { ttlSeconds } from '../deliver/time-to-live.js'
import type { PushRequest } from '../push-channel.js'

/** RFC 8030, 5.3. */
const urgencies: Readonly<Record<Lane, string>> = { P0: 'high', P1: 'high', P2: 'normal', P3: 'low' }

/** The call that hands a message to a push service (RFC 8030, 5), its payload encrypted (RFC 8291). */
export function webPushRequest(
  endpoint: string,
  body: Uint8Array,
  request: PushRequest,
  text: PushText,
  clock: Clock,
  authorization: string,
): HttpRequest {
  return {
    method: 'POST',
    url: endpoint,
    headers: {
      authorization,
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(ttlSeconds(request, clock)),
      urgency: urgencies[request.lane],
      topic: topicOf(text.collapse ?? request.idempotencyKey),
    },
    body,
  }
}

/** At most 32 letters of base64url (RFC 8030, 5.4). A push service keeps one message a topic for a browser that is away. */
function topicOf(word: string): string {
  return createHash('sha256').update(word).digest('base64url').slice(0, 32)
}
