import { channelOf, rejected } from '@reachkit/core/spec'
import { createAccessTokens, createHttpDriver, jsonRequest } from '@reachkit/driver-kit'
import { deliverToDevices } from '../deliver/deliver-to-devices.js'
import { driverFieldsOf } from '../driver-fields.js'
import type { PushChannel } from '../push-channel.js'
import { fcmMessage } from './fcm-message.js'
import { type FcmOptions, resolveFcmOptions } from './fcm-options.js'
import { fcmOutcome } from './fcm-outcome.js'
import { fetchFcmToken } from './fcm-token.js'

/** Firebase, "About FCM messages": the most of notification and data together. */
const mostBytes = 4_096

/**
 * Push to Android, iOS and browsers over Firebase Cloud Messaging (HTTP v1). One call a device and attempt; FCM does not
 * deduplicate, but Android and iOS show a message that was sent twice once. The id of a sent message is its name. The access
 * token of the service account is shared by all processes through the state.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function fcm(options: FcmOptions): PushChannel {
  const settings = resolveFcmOptions(options)
  const { provider, endpoint, projectId, clientEmail, tokenUri } = settings
  const url = `${endpoint}/v1/projects/${projectId}/messages:send`
  const tokens = createAccessTokens({
    vendor: 'fcm',
    identity: [clientEmail, tokenUri],
    fetchToken: async (call, context) => fetchFcmToken(settings, call, context),
  })
  return channelOf(
    createHttpDriver({
      fields: driverFieldsOf('fcm'),
      settings,
      deliver: async (request, call, context) =>
        deliverToDevices(request, context, {
          kind: 'fcm',
          provider,
          async send(device, text) {
            const message = fcmMessage(device, request, text, context.clock)
            const { notification, data } = message
            if (Buffer.byteLength(JSON.stringify({ notification, data })) > mostBytes)
              return rejected('fcm message too big')
            return tokens.use(context, call, async (token) => {
              const answer = await call(jsonRequest(url, { message }, { authorization: `Bearer ${token}` }))
              return fcmOutcome(answer, context.clock.now())
            })
          },
        }),
    }),
  )
}
