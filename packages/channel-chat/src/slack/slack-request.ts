import { type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import type { OpenRobot } from '../robots/open-robot.js'
import type { SlackContent } from './slack-content.js'
import { asBlocks, asMrkdwn, escapeSlack } from './slack-markup.js'

/** The call of an incoming webhook (Slack, "Sending messages using incoming webhooks": https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function slackRequest({ url }: OpenRobot, { text, mrkdwn, blocks, preview }: SlackContent): HttpRequest {
  return jsonRequest(url, {
    ...(mrkdwn === undefined ? { text: escapeSlack(text ?? ''), mrkdwn: false } : { text: asMrkdwn(mrkdwn) }),
    ...(blocks !== undefined && { blocks: asBlocks(blocks) }),
    ...(preview === false && { unfurl_links: false, unfurl_media: false }),
  })
}
