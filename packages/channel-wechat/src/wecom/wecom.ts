import {
  channelOf,
  type DeliveryContext,
  type DeliveryOutcome,
  type DeliveryRequest,
  rejected,
  sent,
} from '@reachkit/core/spec'
import {
  AddressProof,
  createHttpDriver,
  type DriverFields,
  type HttpAnswer,
  jsonRequest,
  textAt,
} from '@reachkit/driver-kit'
import type { WecomChannel } from '../channels.js'
import { isTaken } from '../outcome/judge.js'
import { judgeWecom } from '../outcome/wecom-codes.js'
import { useridSchema } from './userid.js'
import { type WecomContent, wecomContentSchema } from './wecom-content.js'
import { resolveWecomOptions, type WecomOptions, type WecomSettings } from './wecom-options.js'
import { wecomTokens } from './wecom-token.js'

type WecomRequest = DeliveryRequest<string, WecomContent>

const fields: DriverFields<'wecom', string, WecomContent> = {
  specVersion: 1,
  channel: 'wecom',
  addressing: 'address',
  address: useridSchema,
  content: wecomContentSchema,
  html: [],
}

/**
 * Messages of a WeCom app to the members who may see it, by "Send app messages"
 * (https://developer.work.weixin.qq.com/document/path/90236). One call an attempt to one member, and the access token of
 * all processes. WeCom does not deduplicate: what it can drop are messages of the same content, which may well be two. What
 * each code means is in `judgeWecom`. The id of a sent message is its msgid.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function wecom(options: WecomOptions): WecomChannel {
  const settings = resolveWecomOptions(options)
  const tokens = wecomTokens(settings)
  const proof = new AddressProof()
  return channelOf(
    createHttpDriver({
      fields,
      settings,
      async deliver(request, call, context) {
        const body = bodyOf(request, settings)
        const attempt = async (token: string): Promise<DeliveryOutcome> => {
          const url = `${settings.endpoint}/cgi-bin/message/send?access_token=${encodeURIComponent(token)}`
          return outcomeOf(await call(jsonRequest(url, body)), request, { context, proof })
        }
        return tokens.use(context, call, attempt, request.id)
      },
    }),
  )
}

function bodyOf({ to, content }: WecomRequest, { agentId, confidential }: WecomSettings) {
  return { touser: to, agentid: agentId, ...(confidential && { safe: 1 }), ...messageOf(content) }
}

function messageOf(content: WecomContent) {
  if ('text' in content) return { msgtype: 'text', text: { content: content.text } }
  if ('markdown' in content) return { msgtype: 'markdown', markdown: { content: content.markdown } }
  const { title, description, url, button } = content.card
  return { msgtype: 'textcard', textcard: { title, description, url, ...(button !== undefined && { btntxt: button }) } }
}

interface Judging {
  readonly context: DeliveryContext
  readonly proof: AddressProof
}

/** A call that was taken may name members who get nothing; it writes their userids in small letters. */
function outcomeOf(answer: HttpAnswer, request: WecomRequest, { context, proof }: Judging): DeliveryOutcome {
  if (!isTaken(answer)) return proof.judge(judgeWecom(answer, request, context), request, context)
  for (const list of ['invaliduser', 'unlicenseduser']) {
    const names = textAt(answer.json, list)?.toLowerCase().split('|') ?? []
    if (names.includes(request.to.toLowerCase())) return rejected(`wecom ${list}`)
  }
  proof.prove()
  return sent(textAt(answer.json, 'msgid'))
}
