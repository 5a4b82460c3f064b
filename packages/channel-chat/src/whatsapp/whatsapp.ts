import { channelOf } from '@reachkit/core/spec'
import { createHttpDriver, tellOfFault } from '@reachkit/driver-kit'
import { type WhatsAppChannel, whatsappFields } from './whatsapp-channel.js'
import { resolveWhatsAppOptions, type WhatsAppOptions } from './whatsapp-options.js'
import { whatsappOutcome } from './whatsapp-outcome.js'
import { whatsappRequest } from './whatsapp-request.js'

/**
 * Template messages by the WhatsApp Cloud API of Meta. The id of a sent message is its `wamid`, which status webhooks name.
 * The API does not deduplicate. What each code means is in `whatsapp-outcome.ts`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function whatsapp(options: WhatsAppOptions): WhatsAppChannel {
  const settings = resolveWhatsAppOptions(options)
  return channelOf(
    createHttpDriver({
      fields: whatsappFields,
      settings,
      async deliver(request, call, context) {
        const { to, content } = request
        const answer = await call(whatsappRequest(settings.url, await settings.accessToken(), to, content))
        return tellOfFault(whatsappOutcome(answer), request, context)
      },
    }),
  )
}
