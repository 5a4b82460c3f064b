import type { PushText } from '../content/push-content.js'
import type { PushRequest } from '../push-channel.js'

/** RFC 8291, 4: what fits into the 4,096 bytes that every push service takes. */
export const mostPayloadBytes = 3_993

/** What the service worker gets: `showNotification(title, options)`. */
export function webPushPayload({ id, idempotencyKey }: PushRequest, text: PushText): Buffer {
  const { title = '', body, image, link, collapse, data, vendors } = text
  const options = {
    body,
    image,
    // A browser shows one notification a tag, so a message that had to be sent twice is shown once.
    tag: collapse ?? idempotencyKey,
    ...vendors?.web?.notification,
    data: { messageId: id, link, ...data },
  }
  return Buffer.from(JSON.stringify({ title, options }))
}
