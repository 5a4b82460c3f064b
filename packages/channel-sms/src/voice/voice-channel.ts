import type { Channel, DeliveryRequest } from '@reachkit/core/spec'
import type { DriverFields } from '@reachkit/driver-kit'
import { addressSchema, type PhoneNumber } from '../address/phone-number.js'
import { type VoiceContent, voiceSchema } from './voice-content.js'

/** Calls that read a text out, whichever provider makes them. `Templated`: those that cannot call without a template. */
export type VoiceChannel<Templated extends string = never> = Channel<'voice', PhoneNumber, VoiceContent, Templated>

/** One call to one number. */
export type VoiceRequest = DeliveryRequest<PhoneNumber, VoiceContent>

declare global {
  interface ReachChannels {
    voice: VoiceChannel
  }
}

/** What every driver of the voice channel says of itself. */
export const voiceFields: DriverFields<'voice', PhoneNumber, VoiceContent> = {
  specVersion: 1,
  channel: 'voice',
  addressing: 'address',
  address: addressSchema,
  content: voiceSchema,
  html: [],
}
