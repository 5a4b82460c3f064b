import type { Clock } from '@reachkit/core/spec'
import { apnsPayload, apnsUrgency } from '../content/apns-payload.js'
import { collapseId } from '../content/collapse-id.js'
import type { PushText } from '../content/push-content.js'
import { isUrgent, ttlSeconds } from '../deliver/time-to-live.js'
import type { FcmDevice } from '../device/push-device.js'
import type { PushRequest } from '../push-channel.js'
import type { FcmMessage } from './fcm-types.js'

/** What one device is sent (Firebase, "REST Resource: projects.messages"). Without a platform it holds what each would need. */
export function fcmMessage(device: FcmDevice, request: PushRequest, text: PushText, clock: Clock): FcmMessage {
  const { title, body, image, link, data } = text
  const { platform } = device
  const seconds = ttlSeconds(request, clock)
  return {
    token: device.fcm,
    data: { messageId: request.id, ...(link !== undefined && { link }), ...data },
    ...(text.silent !== true && { notification: present({ title, body, image }) }),
    ...((platform === undefined || platform === 'android') && { android: android(request, text, seconds) }),
    ...((platform === undefined || platform === 'ios') && { apns: apns(request, text, clock) }),
    ...((platform === undefined || platform === 'web') && { webpush: web(request, text, seconds) }),
  }
}

function android(request: PushRequest, text: PushText, seconds: number): NonNullable<FcmMessage['android']> {
  const { collapse, sound, badge, vendors } = text
  const notification = {
    // A phone shows one notification a tag, so a message that had to be sent twice is shown once.
    tag: collapse ?? request.idempotencyKey,
    ...present({ sound, channel_id: vendors?.fcm?.channelId }),
    ...(badge !== undefined && { notification_count: Number(badge) }),
    ...vendors?.fcm?.notification,
  }
  return {
    priority: isUrgent(request) ? 'HIGH' : 'NORMAL',
    ttl: `${seconds}s`,
    // FCM keeps four of these words a device: so it has none of its own for each message.
    ...(collapse !== undefined && { collapse_key: collapse }),
    ...(text.silent !== true && { notification }),
  }
}

function apns(request: PushRequest, text: PushText, clock: Clock): NonNullable<FcmMessage['apns']> {
  const { collapse, image } = text
  const expires = Math.floor(clock.now() / 1_000) + ttlSeconds(request, clock)
  return {
    headers: {
      ...apnsUrgency(text, isUrgent(request)),
      'apns-collapse-id': collapseId(collapse, request.idempotencyKey),
      ...(request.expires !== undefined && { 'apns-expiration': String(expires) }),
    },
    payload: apnsPayload(request.id, text),
    ...(image !== undefined && { fcm_options: { image } }),
  }
}

function web(request: PushRequest, text: PushText, seconds: number): NonNullable<FcmMessage['webpush']> {
  const { collapse, link, vendors } = text
  return {
    headers: { TTL: String(seconds), Urgency: isUrgent(request) ? 'high' : 'normal' },
    notification: { tag: collapse ?? request.idempotencyKey, ...vendors?.web?.notification },
    // FCM refuses a link that is no https address.
    ...(link?.startsWith('https://') === true && { fcm_options: { link } }),
  }
}

function present(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return Object.fromEntries(given)
}
