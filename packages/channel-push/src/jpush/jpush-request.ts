import type { Clock } from '@reachkit/core/spec'
import { basicAuth, type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import type { PushText } from '../content/push-content.js'
import { platformOf } from '../content/text-for.js'
import { ttlSeconds } from '../deliver/time-to-live.js'
import type { JpushDevice } from '../device/push-device.js'
import type { PushRequest } from '../push-channel.js'
import type { JpushSettings } from './jpush-options.js'

/** Ten days (JPush, "Push API v3", `time_to_live`). */
const longestTtlSeconds = 864_000

const platforms: Readonly<Record<string, 'android' | 'ios' | 'hmos'>> = { ios: 'ios', harmony: 'hmos' }

/** JPush's word for the platform of a device. */
export function jpushPlatform(device: JpushDevice): 'android' | 'ios' | 'hmos' {
  return platforms[platformOf(device)] ?? 'android'
}

/**
 * The call that pushes to one device (JPush, "Push API v3", https://docs.jiguang.cn/jpush/server/push/rest_api_v3_push). What
 * fields a platform has is told by the official SDK, NotificationMessage in https://github.com/jpush/jiguang-sdk-java.
 */
export function jpushRequest(
  device: JpushDevice,
  request: PushRequest,
  text: PushText,
  { endpoint, appKey, apnsProduction }: JpushSettings,
  masterSecret: string,
  clock: Clock,
): HttpRequest {
  const platform = jpushPlatform(device)
  const makers = text.vendors?.jpush?.makers
  const body = {
    platform: [platform],
    audience: { registration_id: [device.jpush] },
    ...(text.silent === true
      ? { message: message(request, text) }
      : { notification: { [platform]: shown(platform, request, text) } }),
    options: {
      apns_production: apnsProduction,
      ...(request.expires !== undefined && { time_to_live: ttlSeconds(request, clock, longestTtlSeconds) }),
      ...(makers !== undefined && { third_party_channel: makers }),
    },
  }
  return jsonRequest(`${endpoint}/v3/push`, body, { authorization: basicAuth(appKey, masterSecret) })
}

function shown(
  platform: 'android' | 'ios' | 'hmos',
  request: PushRequest,
  text: PushText,
): Readonly<Record<string, unknown>> {
  const { title, body, sound, badge, image, link, vendors } = text
  const count = badge === undefined ? undefined : Number(badge)
  const extras = extrasOf(request, text)
  switch (platform) {
    case 'ios':
      return {
        alert: { title, body },
        sound,
        badge: count,
        extras,
        ...(image !== undefined && { 'mutable-content': true }),
      }
    case 'hmos':
      return {
        alert: body,
        title,
        badge_set_num: count,
        large_icon: image,
        extras,
        // HarmonyOS takes none without it; this one opens the app.
        intent: { url: link ?? 'action.system.home' },
        ...vendors?.jpush?.harmony,
      }
    case 'android':
      return {
        alert: body,
        title,
        sound,
        badge_set_num: count,
        large_icon: image,
        extras,
        // Without it newer apps do nothing when the message is touched.
        ...(link !== undefined && { intent: { url: link } }),
        ...vendors?.jpush?.android,
      }
  }
}

/** What the app gets, and shows nothing of. JPush asks for content of its own. */
function message(request: PushRequest, text: PushText): Readonly<Record<string, unknown>> {
  return { msg_content: text.body ?? request.type, title: text.title, extras: extrasOf(request, text) }
}

function extrasOf({ id }: PushRequest, { link, image, data }: PushText): Readonly<Record<string, unknown>> {
  return { messageId: id, link, image, ...data }
}
