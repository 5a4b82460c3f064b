import { channelOf } from '@reachkit/core/spec'
import { createHttpDriver } from '@reachkit/driver-kit'
import { createAddressProof } from '../deliver/address-proof.js'
import { deliverToDevices } from '../deliver/deliver-to-devices.js'
import { driverFieldsOf } from '../driver-fields.js'
import type { PushChannel } from '../push-channel.js'
import { type JpushOptions, resolveJpushOptions } from './jpush-options.js'
import { isDoubtful, jpushOutcome } from './jpush-outcome.js'
import { jpushPlatform, jpushRequest } from './jpush-request.js'

/**
 * Push over JPush (Aurora), which reaches the phones that FCM does not: Huawei, Xiaomi, OPPO, vivo and HarmonyOS, by its own
 * connection or by the phone maker's. One call a device and attempt. The id of a sent message is its msg_id. JPush drops a
 * second push only by ids (`cid`) that are fetched from it before, so it counts as one that does not deduplicate.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function jpush(options: JpushOptions): PushChannel {
  const settings = resolveJpushOptions(options)
  const { provider, masterSecret } = settings
  const proof = createAddressProof(isDoubtful)
  return channelOf(
    createHttpDriver({
      fields: driverFieldsOf('jpush'),
      settings,
      deliver: async (request, call, context) =>
        deliverToDevices(request, context, {
          kind: 'jpush',
          provider,
          async send(device, text) {
            const { clock } = context
            const secret = await masterSecret()
            const answer = await call(jpushRequest(device, request, text, settings, secret, clock))
            return proof.judge(jpushOutcome(answer, clock.now()), jpushPlatform(device))
          },
        }),
    }),
  )
}
