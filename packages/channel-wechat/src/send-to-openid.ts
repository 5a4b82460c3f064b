import { type DeliveryContext, type DeliveryOutcome, type DeliveryRequest, rejected, sent } from '@reachkit/core/spec'
import { type AccessTokens, type AddressProof, type Call, type HttpAnswer, jsonRequest } from '@reachkit/driver-kit'
import type { AppSettings } from './app-options.js'
import type { WechatContent, WechatVendors } from './content/wechat-content.js'
import type { AppKind, WechatAddress } from './openid/wechat-address.js'
import { isTaken } from './outcome/judge.js'
import { judgeWechat } from './outcome/wechat-codes.js'

export type WechatRequest = DeliveryRequest<WechatAddress, WechatContent>

/** How one kind of app sends. */
export interface Sending<Kind extends AppKind> {
  readonly kind: Kind
  readonly settings: AppSettings
  readonly tokens: AccessTokens
  readonly proof: AddressProof
  /** Of the API: `/cgi-bin/message/template/send`. */
  readonly path: string
  /** The fields of the call beside `touser`, `template_id` and `data`. */
  fields(message: NonNullable<WechatVendors[Kind]>, request: WechatRequest): Readonly<Record<string, unknown>>
}

/** One attempt: what the recipient or the content lacks for this kind of app, another provider may have. */
export async function sendToOpenid<Kind extends AppKind>(
  sending: Sending<Kind>,
  request: WechatRequest,
  call: Call,
  context: DeliveryContext,
): Promise<DeliveryOutcome> {
  const { kind, tokens, path, settings } = sending
  const openid = request.to[kind]
  if (openid === undefined) return rejected('wechat no-openid')
  const message: WechatVendors[Kind] = request.content.vendors[kind]
  if (message === undefined) return rejected('wechat no-template')
  const body = {
    touser: openid,
    template_id: message.template,
    data: Object.fromEntries(Object.entries(message.data).map(([name, value]) => [name, { value }])),
    ...sending.fields(message, request),
  }
  const attempt = async (token: string): Promise<DeliveryOutcome> => {
    const url = `${settings.endpoint}${path}?access_token=${encodeURIComponent(token)}`
    return outcomeOf(await call(jsonRequest(url, body)), sending, request, context)
  }
  return tokens.use(context, call, attempt, request.id)
}

function outcomeOf<Kind extends AppKind>(
  answer: HttpAnswer,
  { kind, proof }: Sending<Kind>,
  request: WechatRequest,
  context: DeliveryContext,
): DeliveryOutcome {
  if (isTaken(answer)) {
    proof.prove()
    return sent(msgidOf(answer))
  }
  const { id, to } = request
  const outcome = proof.judge(judgeWechat(answer, request, context), request, context)
  const others = Object.values(to).filter((openid) => openid !== undefined).length > 1
  if (outcome.kind !== 'rejected' || !outcome.invalidAddress || !others) return outcome
  // The other openid may be good: so only this one is reported as dead, and the next provider is tried.
  context.report({ kind: 'address-dead', messageId: id, address: { [kind]: to[kind] }, reason: outcome.reason })
  return rejected(outcome.reason)
}

/** Read out of the text: it has more digits than a number of JavaScript holds. */
function msgidOf({ text }: HttpAnswer): string | undefined {
  return /"msgid"\s*:\s*"?(\d{1,20})\b/.exec(text)?.[1]
}
