import type { Channel, DeliveryRequest } from '@reachkit/core/spec'
import type { PushContent } from './content/push-content.js'
import type { PushAddress } from './device/push-device.js'

/** The push channel, whichever push services are behind it. */
export type PushChannel = Channel<'push', PushAddress, PushContent>

/** One message to all devices of one recipient. */
export type PushRequest = DeliveryRequest<PushAddress, PushContent>

declare global {
  interface ReachChannels {
    push: PushChannel
  }
}
