import { channelOf, type DeliveryOutcome, rejected, sent } from '@reachkit/core/spec'
import { aliyunRequest, codeAt, createHttpDriver, type HttpAnswer, tellOfFault, textAt } from '@reachkit/driver-kit'
import { type AliyunCallOptions, type AliyunCallSettings, resolveAliyunCallOptions } from './aliyun-call-options.js'
import { aliyunCallOutcome } from './aliyun-call-outcome.js'
import { type VoiceChannel, voiceFields, type VoiceRequest } from './voice-channel.js'

/**
 * Calls over Aliyun's voice service (Dyvmsapi 2017-05-25, "SingleCallByTts"), by its own text templates: content needs
 * `vendors.aliyun`. It calls numbers of mainland China. One call an attempt; Aliyun does not deduplicate. The id of a sent
 * message is its CallId, and it travels along as OutId; `sent` means that Aliyun has begun to call. What each code means is
 * in `aliyunCallOutcome`.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function aliyunCall(options: AliyunCallOptions): VoiceChannel<'aliyun'> {
  const settings = resolveAliyunCallOptions(options)
  return channelOf(
    createHttpDriver({
      fields: voiceFields,
      settings,
      templated: 'aliyun',
      async deliver(request, call, context) {
        if (request.content.vendors?.aliyun === undefined) return rejected('aliyun no template')
        if (!request.to.startsWith('+86')) return rejected('aliyun no number of mainland China')
        const key = await settings.credentials()
        const answer = await call(aliyunRequest(callOf(request, settings), key, context.clock.now()))
        return tellOfFault(outcomeOf(answer), request, context)
      },
    }),
  )
}

function callOf({ id, to, content }: VoiceRequest, { endpoint, from }: AliyunCallSettings) {
  const { template, params } = content.vendors?.aliyun ?? {}
  return {
    endpoint,
    action: 'SingleCallByTts',
    version: '2017-05-25',
    query: {
      CalledNumber: to.slice('+86'.length),
      CalledShowNumber: from,
      TtsCode: template,
      TtsParam: params === undefined ? undefined : JSON.stringify(params),
      PlayTimes: String(content.times ?? 1),
      OutId: id,
    },
  }
}

function outcomeOf(answer: HttpAnswer): DeliveryOutcome {
  const code = codeAt(answer.json, 'Code')
  const id = textAt(answer.json, 'CallId')
  if (answer.ok && code === 'OK' && id !== undefined) return sent(id)
  return aliyunCallOutcome(answer, code === 'OK' ? undefined : code)
}
