import { type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { createOutcomes, type HttpAnswer } from '@reachkit/driver-kit'

/**
 * By Slack's "Improving error conditions for Incoming Webhooks"
 * (https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks), and by "Handling errors" of "Sending
 * messages using incoming webhooks" (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), whose list
 * was read in clients that quote it. Words about blocks, lengths and rates are those of `chat.postMessage`.
 */
const refusal = createOutcomes({
  vendor: 'slack',
  document:
    'Slack, "Improving error conditions for Incoming Webhooks" and "Sending messages using incoming webhooks" (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)',
  codes: {
    action_prohibited: 'account', // an admin has restricted it
    channel_is_archived: 'invalid-address',
    channel_not_found: 'invalid-address',
    invalid_blocks: 'rejected',
    invalid_blocks_format: 'rejected',
    invalid_payload: 'rejected',
    invalid_token: 'account',
    missing_text_or_fallback_or_attachments: 'rejected',
    msg_too_long: 'rejected',
    no_active_hooks: 'invalid-address',
    no_service: 'invalid-address', // the webhook was removed, or never was
    no_service_id: 'invalid-address',
    no_team: 'invalid-address', // the workspace is gone
    no_text: 'rejected',
    posting_to_general_channel_denied: 'account',
    rate_limited: 'retry',
    ratelimited: 'retry',
    rollup_error: 'unknown',
    team_disabled: 'account',
    too_many_attachments: 'rejected',
    user_not_found: 'invalid-address',
  },
})

/** Slack answers `ok`, or a word; and no id. */
export function slackOutcome(answer: HttpAnswer): DeliveryOutcome {
  const word = answer.text.trim()
  if (answer.ok && word === 'ok') return sent()
  return refusal(answer, /^[a-z]+(?:_[a-z]+)*$/.test(word) ? word : undefined)
}
