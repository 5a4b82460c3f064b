import { createHmac } from 'node:crypto'
import { type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import type { OpenRobot } from '../robots/open-robot.js'
import type { DingTalkContent } from './dingtalk-content.js'

/** The call of a custom robot's webhook (DingTalk, "Custom robot access": https://open.dingtalk.com/document/orgapp/custom-robot-access). */
export function dingtalkRequest({ url, secret }: OpenRobot, content: DingTalkContent, now: number): HttpRequest {
  const target = new URL(url)
  if (secret !== undefined) {
    target.searchParams.set('timestamp', String(now))
    target.searchParams.set('sign', signature(secret, now))
  }
  return jsonRequest(target.href, { ...messageOf(content), ...mentionsOf(content) })
}

/** DingTalk, "Security settings of custom robots": the HMAC of time and secret, whose key is the secret. */
function signature(secret: string, now: number): string {
  return createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64')
}

function messageOf({ text, markdown, title, buttons }: DingTalkContent): object {
  if (text !== undefined) return { msgtype: 'text', text: { content: text } }
  if (buttons === undefined) return { msgtype: 'markdown', markdown: { title, text: markdown } }
  const btns = buttons.map((button) => ({ title: button.text, actionURL: button.url }))
  return { msgtype: 'actionCard', actionCard: { title, text: markdown, btnOrientation: '0', btns } }
}

function mentionsOf({ at }: DingTalkContent): object {
  if (at === undefined) return {}
  const { mobiles, userIds, all } = at
  return {
    at: {
      ...(mobiles !== undefined && { atMobiles: mobiles }),
      ...(userIds !== undefined && { atUserIds: userIds }),
      ...(all === true && { isAtAll: true }),
    },
  }
}
