import { NotSentError } from '@reachkit/core/spec'
import { type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import type { TelegramChat } from './telegram-channel.js'
import type { TelegramContent } from './telegram-content.js'

/** The call of `sendMessage` ("Telegram Bot API", https://core.telegram.org/bots/api#sendmessage). */
export function telegramRequest(
  endpoint: string,
  token: string,
  chat: TelegramChat,
  content: TelegramContent,
): HttpRequest {
  // It stands in the path of the url.
  if (!/^[\w:-]+$/.test(token)) throw new NotSentError('telegram token malformed')
  const { text, html, buttons, silent, preview } = content
  return jsonRequest(`${endpoint}/bot${token}/sendMessage`, {
    chat_id: chat,
    text: html ?? text,
    ...(html !== undefined && { parse_mode: 'HTML' }),
    ...(buttons !== undefined && { reply_markup: { inline_keyboard: buttons } }),
    ...(silent === true && { disable_notification: true }),
    ...(preview === false && { link_preview_options: { is_disabled: true } }),
  })
}
