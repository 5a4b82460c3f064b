import type { Channel } from '@reachkit/core/spec'
import { addressSchemaOf, type DriverFields } from '@reachkit/driver-kit'
import { type TelegramContent, telegramContentSchema } from './telegram-content.js'

/** A chat: its id (of a person who has started the bot, a group or a channel), or `@name` of a public one. */
export type TelegramChat = string | number

export type TelegramChannel = Channel<'telegram', TelegramChat, TelegramContent>

declare global {
  interface ReachChannels {
    telegram: TelegramChannel
  }
}

export const telegramFields: DriverFields<'telegram', TelegramChat, TelegramContent> = {
  specVersion: 1,
  channel: 'telegram',
  addressing: 'address',
  address: addressSchemaOf<TelegramChat>(readChat, 'must be the id of a chat, or @ and the name of a public one'),
  content: telegramContentSchema,
  html: ['html'],
}

/** Always as text, so that 7 and '7' are one address. */
function readChat(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value !== 0 ? String(value) : undefined
  return typeof value === 'string' && /^(-?[1-9]\d{0,15}|@[A-Za-z]\w{2,31})$/.test(value) ? value : undefined
}
