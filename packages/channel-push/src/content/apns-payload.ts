import type { PushText } from './push-content.js'

/** What an iPhone gets (Apple, "Generating a remote notification"); the same by APNs itself and through FCM. */
export function apnsPayload(messageId: string, text: PushText): Readonly<Record<string, unknown>> {
  const { title, body, data, link, image, badge, sound, silent, vendors } = text
  const shown = {
    alert: { title, body },
    badge: badge === undefined ? undefined : Number(badge),
    sound,
    // Lets an extension of the app fetch the picture.
    ...(image !== undefined && { 'mutable-content': 1 }),
  }
  const aps = silent === true ? { 'content-available': 1 } : shown
  return { messageId, link, image, ...data, aps: { ...aps, ...vendors?.apns?.aps } }
}

/** `apns-push-type` and `apns-priority` (Apple, "Sending notification requests to APNs"): a silent one may not be urgent. */
export function apnsUrgency(
  { silent, vendors }: PushText,
  urgent: boolean,
): { readonly 'apns-push-type': string; readonly 'apns-priority': string } {
  return {
    'apns-push-type': vendors?.apns?.pushType ?? (silent === true ? 'background' : 'alert'),
    'apns-priority': urgent && silent !== true ? '10' : '5',
  }
}
