import {
  type ChannelDriver,
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  rejected,
} from '@reachkit/core/spec'
import { createHttpDriver, tokenRefused } from '@reachkit/driver-kit'
import type { PushContent, PushText } from '../content/push-content.js'
import { createAddressProof } from '../deliver/address-proof.js'
import { deliverToDevices } from '../deliver/deliver-to-devices.js'
import type { ApnsDevice, PushAddress } from '../device/push-device.js'
import { driverFieldsOf } from '../driver-fields.js'
import type { PushChannel, PushRequest } from '../push-channel.js'
import { ApnsConnection } from './apns-connection.js'
import { type ApnsOptions, type ApnsSettings, resolveApnsOptions } from './apns-options.js'
import { apnsOutcome, isDoubtful, isKeyRefused } from './apns-outcome.js'
import { apnsRequest } from './apns-request.js'
import { ProviderToken } from './provider-token.js'

/** Apple, "Generating a remote notification": 4 KB, and 5 KB for calls. */
const mostBytes = 4_096
const mostCallBytes = 5_120

/**
 * Push to Apple's devices over APNs: HTTP/2 on one warm session, signed by a token of the developer team. One request a device
 * and attempt. APNs does not deduplicate, but a phone shows a message that was sent twice once. The id of a sent message is its
 * apns-id.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function apns(options: ApnsOptions): PushChannel {
  return channelOf(createApnsDriver(resolveApnsOptions(options)))
}

function createApnsDriver(
  settings: ApnsSettings,
): ChannelDriver<PushAddress, PushContent> & { readonly channel: 'push' } {
  const { provider, endpoint, ca, topic, capabilities } = settings
  const connection = new ApnsConnection({ endpoint, ca, mostStreams: capabilities.concurrency })
  const token = new ProviderToken(settings)
  const proof = createAddressProof(isDoubtful)

  async function send(
    device: ApnsDevice,
    text: PushText,
    request: PushRequest,
    { clock, signal }: DeliveryContext,
  ): Promise<DeliveryOutcome> {
    const post = apnsRequest(device, request, text, topic, clock)
    const most = text.vendors?.apns?.pushType === 'voip' ? mostCallBytes : mostBytes
    if (post.body.length > most) return rejected('apns payload too large')
    const attempt = async (jwt: string): Promise<DeliveryOutcome> => {
      const outcome = apnsOutcome(await connection.send(post, `bearer ${jwt}`, signal), clock.now())
      if (isKeyRefused(outcome)) await token.invalid(jwt, clock)
      return proof.judge(outcome, text.vendors?.apns?.topic ?? topic)
    }
    const jwt = await token.current(clock)
    const outcome = await attempt(jwt)
    if (outcome !== tokenRefused) return outcome
    const other = await token.replaced(jwt, clock)
    return other === undefined ? outcome : attempt(other)
  }

  const driver = createHttpDriver({
    fields: driverFieldsOf('apns'),
    settings,
    deliver: async (request, _call, context) =>
      deliverToDevices(request, context, {
        kind: 'apns',
        provider,
        send: async (device, text) => send(device, text, request, context),
      }),
  })
  return {
    ...driver,
    async close() {
      await driver.close?.()
      await connection.close()
    },
  }
}
