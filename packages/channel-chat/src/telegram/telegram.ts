import { channelOf, type DeliveryContext, type DeliveryOutcome, type DeliveryRequest } from '@reachkit/core/spec'
import { AddressProof, createHttpDriver, type HttpAnswer, tellOfFault } from '@reachkit/driver-kit'
import { type TelegramChannel, telegramFields } from './telegram-channel.js'
import { resolveTelegramOptions, type TelegramOptions } from './telegram-options.js'
import { mayBeOtherBot, movedTo, telegramOutcome } from './telegram-outcome.js'
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
  const proof = new AddressProof()
  return channelOf(
    createHttpDriver({
      fields: telegramFields,
      settings,
      async deliver(request, call, context) {
        const { to, content, id } = request
        const token = await settings.token()
        const answer = await call(telegramRequest(settings.endpoint, token, to, content))
        const moved = movedTo(answer)
        if (moved === undefined) return judged(answer, request, { context, proof })
        context.report({ kind: 'address-changed', messageId: id, address: moved, reason: 'telegram supergroup' })
        const again = await call(telegramRequest(settings.endpoint, token, moved, content))
        return judged(again, request, { context, proof })
      },
    }),
  )
}

function judged(
  answer: HttpAnswer,
  request: DeliveryRequest,
  { context, proof }: { readonly context: DeliveryContext; readonly proof: AddressProof },
): DeliveryOutcome {
  const outcome = telegramOutcome(answer)
  if (outcome.kind === 'sent') proof.prove()
  return mayBeOtherBot(outcome) ? proof.judge(outcome, request, context) : tellOfFault(outcome, request, context)
}
