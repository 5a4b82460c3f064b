import { channelOf } from '@reachkit/core/spec'
import { createHttpDriver, tellOfFault } from '@reachkit/driver-kit'
import { type TelegramChannel, telegramFields } from './telegram-channel.js'
import { resolveTelegramOptions, type TelegramOptions } from './telegram-options.js'
import { movedTo, telegramOutcome } from './telegram-outcome.js'
import { telegramRequest } from './telegram-request.js'

/**
 * Messages of a Telegram bot, by `sendMessage` of the Bot API (https://core.telegram.org/bots/api). The id of a sent
 * message is its `message_id`, which counts within its chat. Telegram does not deduplicate, and sends no receipts.
 *
 * A group that became a supergroup is called once more by its new id, and reported as `address-changed`.
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function telegram(options: TelegramOptions): TelegramChannel {
  const settings = resolveTelegramOptions(options)
  return channelOf(
    createHttpDriver({
      fields: telegramFields,
      settings,
      async deliver(request, call, context) {
        const { to, content, id } = request
        const token = await settings.token()
        const answer = await call(telegramRequest(settings.endpoint, token, to, content))
        const moved = movedTo(answer)
        if (moved === undefined) return tellOfFault(telegramOutcome(answer), request, context)
        context.report({ kind: 'address-changed', messageId: id, address: moved, reason: 'telegram supergroup' })
        const again = await call(telegramRequest(settings.endpoint, token, moved, content))
        return tellOfFault(telegramOutcome(again), request, context)
      },
    }),
  )
}
