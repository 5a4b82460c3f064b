import type { ChannelDriver } from '@reachkit/core/spec'
import { addressSchema, type EmailAddress } from './address/email-address.js'
import { contentSchema } from './content/content-schema.js'
import type { EmailContent } from './content/email-content.js'

type EmailDriver = ChannelDriver<EmailAddress, EmailContent>

/** What every driver of the e-mail channel says of itself: addresses and content are the same whoever sends. */
export const driverFields: Pick<EmailDriver, 'specVersion' | 'addressing' | 'address' | 'content' | 'html'> & {
  readonly channel: 'email'
} = {
  specVersion: 1,
  channel: 'email',
  addressing: 'address',
  address: addressSchema,
  content: contentSchema,
  html: ['html'],
}
