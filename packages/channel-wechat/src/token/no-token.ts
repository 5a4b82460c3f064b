import { NotSentError } from '@reachkit/core/spec'
import { type HttpAnswer, laterMs } from '@reachkit/driver-kit'
import { errcodeOf } from '../outcome/errcode.js'

/** Codes that say: not now. Every other one speaks of the app, its secret, its addresses or its quota. */
const busy: ReadonlySet<string> = new Set(['-1', '45011'])

/** What an answer without a token means. */
export function noTokenIn({ status, json }: HttpAnswer, vendor: 'wechat' | 'wecom'): NotSentError {
  const code = errcodeOf(json)
  const isOfAccount = code !== undefined && status < 500 && !busy.has(code)
  const reason = `${vendor} ${code ?? 'no token in the answer'}`
  return new NotSentError(reason, isOfAccount ? { afterMs: laterMs } : {})
}
