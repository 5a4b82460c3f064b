import type { Channel } from '@reachkit/core/spec'
import { addressSchemaOf, type DriverFields } from '@reachkit/driver-kit'
import { type WhatsAppContent, whatsappContentSchema } from './whatsapp-content.js'

/** The number of a WhatsApp account in the form of E.164: `+4915112345678`. */
export type WhatsAppNumber = string

export type WhatsAppChannel = Channel<'whatsapp', WhatsAppNumber, WhatsAppContent>

declare global {
  interface ReachChannels {
    whatsapp: WhatsAppChannel
  }
}

export const whatsappFields: DriverFields<'whatsapp', WhatsAppNumber, WhatsAppContent> = {
  specVersion: 1,
  channel: 'whatsapp',
  addressing: 'address',
  address: addressSchemaOf(
    (value) => (typeof value === 'string' && /^\+[1-9]\d{4,14}$/.test(value) ? value : undefined),
    'must be a phone number in the form of E.164, such as +4915112345678',
  ),
  content: whatsappContentSchema,
  html: [],
}
