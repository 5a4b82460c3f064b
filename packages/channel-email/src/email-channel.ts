import type { Channel } from '@reachkit/core/spec'
import type { EmailAddress } from './address/email-address.js'
import type { EmailContent } from './content/email-content.js'

/** The e-mail channel, whichever provider is behind it. */
export type EmailChannel = Channel<'email', EmailAddress, EmailContent>

declare global {
  interface ReachChannels {
    email: EmailChannel
  }
}
