import { channelOf, type DeliveryOutcome, invalidAddress, sent } from '@reachkit/core/spec'
import { createHttpDriver, createOutcomes, type HttpAnswer, isWebUrl, tellOfFault } from '@reachkit/driver-kit'
import type { OpenRobot } from '../robots/open-robot.js'
import { type WebhookChannel, webhookFields } from './webhook-channel.js'
import { resolveWebhookOptions, type WebhookOptions, type WebhookSettings } from './webhook-options.js'
import { webhookRequest } from './webhook-request.js'

const refusal = createOutcomes({
  vendor: 'webhook',
  document: 'Standard Webhooks 1.0.0, "Operational considerations", and RFC 9110, 15 (Status Codes)',
  codes: { gone: 'invalid-address' },
})

/**
 * Calls of urls that recipients gave, signed in the form of Standard Webhooks (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature`). Any answer of 2xx is sent, 410 is a dead address, and otherwise the status decides. Redirects are not
 * followed. Addresses of this machine and of private networks are refused unless `allowPrivate`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function webhook(options: WebhookOptions): WebhookChannel {
  const settings = resolveWebhookOptions(options)
  return channelOf(
    createHttpDriver({
      fields: webhookFields,
      settings,
      async deliver(request, call, context) {
        const { to, content, idempotencyKey: id } = request
        const target = isWebUrl(to) ? { url: to, secret: undefined } : await settings.find(to)
        if (target === undefined) return invalidAddress('webhook no such endpoint')
        const secrets = await secretsFor(target, settings)
        const now = context.clock.now()
        const answer = await call(webhookRequest({ url: target.url, secrets, id, content, now }))
        return tellOfFault(webhookOutcome(answer), request, context)
      },
    }),
  )
}

/** Its own secret, or that of all with the one before. */
async function secretsFor({ secret }: OpenRobot, settings: WebhookSettings): Promise<readonly string[]> {
  if (secret !== undefined) return [secret]
  const previous = await settings.previousSecret?.()
  return [await settings.secret(), ...(previous === undefined ? [] : [previous])]
}

function webhookOutcome(answer: HttpAnswer): DeliveryOutcome {
  return answer.ok ? sent() : refusal(answer, answer.status === 410 ? 'gone' : undefined)
}
