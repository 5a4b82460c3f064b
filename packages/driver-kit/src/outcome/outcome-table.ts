import { type DeliveryOutcome, invalidAddress, rejected, retry, unknown } from '@reachkit/core/spec'
import { type HttpAnswer, retryAfterMs } from '../http/http-answer.js'
import { accountFault } from './account-fault.js'
import { tokenRefused } from './token-refused.js'

/**
 * What a code of a vendor means:
 * - `rejected`: the same message would be refused again.
 * - `invalid-address`: the address does not exist or is dead.
 * - `retry`: not sent, and may be later; `retry-later`: in 5 minutes, such as a quota of the day.
 * - `account`: the account, its keys or its set-up are at fault, and a person must see to it: `retry` in 5 minutes.
 *   Rejecting would lose every message to one wrong setting. `tellOfFault` warns the app of it.
 * - `token`: the access token is not valid any more: see `createAccessTokens`.
 * - `unknown`: it may have gone out.
 */
export type Verdict = 'rejected' | 'invalid-address' | 'retry' | 'retry-later' | 'account' | 'token' | 'unknown'

/** The codes of a vendor, as data. */
export interface OutcomeTable {
  /** Opens every reason: `twilio 21610`. */
  readonly vendor: string
  /** The vendor's document that lists the codes. */
  readonly document: string
  /** By the code; `Throttling.*` stands for every `Throttling.<word>` that is not listed itself. */
  readonly codes: Readonly<Record<string, Verdict>>
  /** A code that is not listed, in an answer of 2xx; `unknown` unless told. Elsewhere the status decides. */
  readonly otherwise?: Verdict
}

/** What an answer means that does not prove the message was taken; `code` is the vendor's own, where there is one. */
export type OutcomeOf = (answer: HttpAnswer, code?: string, now?: number) => DeliveryOutcome

/** How long a fault of the account, or a used-up quota, is left alone. */
export const laterMs: number = 5 * 60_000

/**
 * Reads answers by a table of codes, and by the status where the table is silent:
 *
 * | status | outcome |
 * | --- | --- |
 * | 2xx, without proof | unknown |
 * | 3xx | unknown: nobody follows them, and a server may answer so that has done it |
 * | 401, 402, 403, 407 | `account` |
 * | 408, 409 | unknown: it may be under way |
 * | 425, 429 | retry, by Retry-After |
 * | other 4xx | rejected |
 * | 503 with Retry-After | retry |
 * | other 5xx | unknown |
 */
export function createOutcomes({ vendor, codes, otherwise = 'unknown' }: OutcomeTable): OutcomeOf {
  return (answer, code, now = Date.now()) => {
    const listed = code === undefined ? undefined : (entry(codes, code) ?? entry(codes, familyOf(code)))
    const reason = `${vendor} ${codeText(code) ?? (answer.ok ? 'no proof' : `http ${answer.status}`)}`
    const verdict = listed ?? (answer.ok ? (code === undefined ? 'unknown' : otherwise) : byStatus(answer))
    return outcomeOf(verdict, reason, retryAfterMs(answer, now))
  }
}

function entry(codes: OutcomeTable['codes'], name: string): Verdict | undefined {
  return Object.hasOwn(codes, name) ? codes[name] : undefined
}

function familyOf(code: string): string {
  return code.replace(/\.[^.]*$/, '.*')
}

function byStatus(answer: HttpAnswer): Verdict {
  const { status } = answer
  if (status >= 500) return status === 503 && answer.header('retry-after') !== undefined ? 'retry' : 'unknown'
  if (status < 400 || [408, 409].includes(status)) return 'unknown'
  if ([401, 402, 403, 407].includes(status)) return 'account'
  if (status === 425 || status === 429) return 'retry'
  return 'rejected'
}

function outcomeOf(verdict: Verdict, reason: string, afterMs: number | undefined): DeliveryOutcome {
  switch (verdict) {
    case 'rejected':
      return rejected(reason)
    case 'invalid-address':
      return invalidAddress(reason)
    case 'retry':
      return retry(afterMs, reason)
    case 'retry-later':
      return retry(Math.max(laterMs, afterMs ?? 0), reason)
    case 'account':
      return accountFault(Math.max(laterMs, afterMs ?? 0), reason)
    case 'token':
      return tokenRefused
    case 'unknown':
      return unknown(reason)
  }
}

/** A code as it may stand in a record: a short number, or a word. Nothing that could be an address. */
function codeText(code: string | undefined): string | undefined {
  return code !== undefined && /^(-?\d{1,7}|[A-Za-z][\w.-]{0,63})$/.test(code) ? code : undefined
}
