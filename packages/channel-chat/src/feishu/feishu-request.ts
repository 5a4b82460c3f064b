import { createHmac } from 'node:crypto'
import { type HttpRequest, jsonRequest } from '@reachkit/driver-kit'
import type { OpenRobot } from '../robots/open-robot.js'
import type { FeishuContent } from './feishu-content.js'

/** The call of a custom robot's webhook (Feishu, "Custom bot usage guide": https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). */
export function feishuRequest({ url, secret }: OpenRobot, content: FeishuContent, now: number): HttpRequest {
  return jsonRequest(url, { ...(secret !== undefined && signed(secret, now)), ...messageOf(content) })
}

/** The signature is the HMAC of nothing: what would be its text is its key. */
function signed(secret: string, now: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(now / 1_000))
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') }
}

/** Text goes as a post, whose `text` elements are literal: in a message of the type `text`, `<at user_id="all">` is obeyed. */
function messageOf({ text = '', title, at = [], card }: FeishuContent): object {
  if (card !== undefined) return { msg_type: 'interactive', card }
  // A paragraph without any text is none.
  const lines = text.split(/\r?\n/).map((line) => [{ tag: 'text', text: line === '' ? ' ' : line }])
  const mentions = at.length === 0 ? [] : [at.map((id) => ({ tag: 'at', user_id: id }))]
  const post = { ...(title !== undefined && { title }), content: [...lines, ...mentions] }
  return { msg_type: 'post', content: { post: { zh_cn: post } } }
}
