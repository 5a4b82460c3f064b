import { channelOf, type DeliveryContext, type DeliveryOutcome, invalidAddress, rejected } from '@reachkit/core/spec'
import { type Call, createHttpDriver } from '@reachkit/driver-kit'
import webpush from 'web-push'
import type { PushText } from '../content/push-content.js'
import { deliverToDevices } from '../deliver/deliver-to-devices.js'
import type { WebDevice, WebSubscription } from '../device/push-device.js'
import { driverFieldsOf } from '../driver-fields.js'
import type { PushChannel, PushRequest } from '../push-channel.js'
import { VapidTokens } from './vapid-tokens.js'
import { resolveWebPushOptions, type WebPushOptions, type WebPushSettings } from './web-push-options.js'
import { webPushOutcome } from './web-push-outcome.js'
import { mostPayloadBytes, webPushPayload } from './web-push-payload.js'
import { webPushRequest } from './web-push-request.js'

/**
 * Push to browsers, over the push service that each subscription names (RFC 8030), encrypted by `web-push` (RFC 8291) and signed
 * by VAPID (RFC 8292). TTL and Urgency follow the message's ttl and lane. One call a device and attempt; push services do not
 * deduplicate, but neither they nor browsers show a message twice that they have kept.
 *
 * Endpoints on private networks are refused unless told. Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function webPush(options: WebPushOptions): PushChannel {
  const settings = resolveWebPushOptions(options)
  const { provider } = settings
  const tokens = new VapidTokens(settings)
  return channelOf(
    createHttpDriver({
      fields: driverFieldsOf('web'),
      settings,
      deliver: async (request, call, context) =>
        deliverToDevices(request, context, {
          kind: 'web',
          provider,
          send: async (device, text) => sendToBrowser(device, text, { request, call, context, settings, tokens }),
        }),
    }),
  )
}

interface Sending {
  readonly request: PushRequest
  readonly call: Call
  readonly context: DeliveryContext
  readonly settings: WebPushSettings
  readonly tokens: VapidTokens
}

async function sendToBrowser(
  { web }: WebDevice,
  text: PushText,
  { request, call, context, settings, tokens }: Sending,
): Promise<DeliveryOutcome> {
  if (text.silent === true) return rejected('webpush silent')
  if (!web.endpoint.startsWith('https:') && !settings.allowPrivate)
    return invalidAddress('webpush endpoint without tls')
  const payload = webPushPayload(request, text)
  if (payload.length > mostPayloadBytes) return rejected('webpush payload too large')
  const body = encrypted(payload, web)
  if (body === undefined) return invalidAddress('webpush keys invalid')
  const { clock } = context
  const { origin } = new URL(web.endpoint)
  const answer = await call(
    webPushRequest(web.endpoint, body, request, text, clock, await tokens.header(origin, clock)),
  )
  if (answer.status === 401 || answer.status === 403) tokens.refused(origin, clock)
  return webPushOutcome(answer, clock.now())
}

/** Undefined for a key that is no point of the curve. */
function encrypted(payload: Buffer, { keys }: WebSubscription): Buffer | undefined {
  try {
    return webpush.encrypt(keys.p256dh, keys.auth, payload, 'aes128gcm').cipherText
  } catch {
    return undefined
  }
}
