import type { Channel } from '@reachkit/core/spec'
import type { PhoneNumber } from './address/phone-number.js'
import type { SmsContent } from './content/sms-content.js'

/** The SMS channel, whichever provider is behind it. `Templated`: those that cannot send without a template of theirs. */
export type SmsChannel<Templated extends string = never> = Channel<'sms', PhoneNumber, SmsContent, Templated>

declare global {
  interface ReachChannels {
    sms: SmsChannel
  }
}
