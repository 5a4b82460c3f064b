import type { DeliveryContext, DeliveryOutcome } from '@reachkit/core/spec'
import { sent, unknown } from '@reachkit/core/spec'
import { createOutcomes, fieldAt, type HttpAnswer, listAt, type OutcomeOf, textAt } from '@reachkit/driver-kit'
import type { ComposedMail } from '../mime/composer.js'

/**
 * What a name of an error, or a reason of a rejected mail, means. The name counts, not the status: version 1.0 answers errors
 * with 500, later ones with a status of their own.
 */
const outcomeOfCode: OutcomeOf = createOutcomes({
  vendor: 'mailchimp',
  document:
    'Mailchimp Transactional, "Send new raw message" (https://mailchimp.com/developer/transactional/api/messages/send-mime-document/), and its OpenAPI description (spec/transactional.openapi.json in https://github.com/mailchimp/mailchimp-client-lib-codegen)',
  codes: {
    Invalid_Key: 'account', // no such API key
    PaymentRequired: 'account',
    Unknown_Subaccount: 'account',
    ValidationError: 'rejected', // a parameter is missing or wrong
    RequestLimitExceeded: 'retry',
    ServiceUnavailable: 'retry', // down for maintenance
    GeneralError: 'unknown',
    'hard-bounce': 'invalid-address', // it has bounced before
    invalid: 'invalid-address', // not an address
    'soft-bounce': 'rejected', // the mailbox has been full too often
    spam: 'rejected', // has complained
    unsub: 'rejected', // has unsubscribed
    custom: 'rejected', // on the account's own list
    rule: 'rejected', // a rule of the account's own
    'invalid-sender': 'account', // the domain of From is not verified
    unsigned: 'account', // the domain of From is not signed
    'test-mode-limit': 'account',
  },
  otherwise: 'rejected',
})

/**
 * The answer has a row for each address, and the recipient's decides. Where that one is refused but a copy went out, another
 * attempt, by this provider or another one, would mail the copy again: `unknown`, which is held, rather than a retry or a
 * refusal. A dead address stays one: nobody else tries it.
 */
export function mailchimpOutcome(
  answer: HttpAnswer,
  { to, copies }: ComposedMail,
  messageId: string,
  context: DeliveryContext,
): DeliveryOutcome {
  if (!answer.ok) return outcomeOfCode(answer, textAt(answer.json, 'name'))
  for (const copy of copies) reportCopy(rowOf(answer, copy), copy, messageId, context)
  const row = rowOf(answer, to)
  if (isTaken(row)) {
    reportHeld(row, messageId, context)
    return sent(textAt(row, '_id'))
  }
  const outcome = outcomeOfCode(answer, codeOf(row))
  const isFinal = outcome.kind === 'sent' || (outcome.kind === 'rejected' && outcome.invalidAddress)
  if (isFinal || !copies.some((copy) => isTaken(rowOf(answer, copy)))) return outcome
  return unknown(`${outcome.reason ?? 'mailchimp'}, but a copy went out`)
}

/** A copy that was refused is told, and not tried again. */
function reportCopy(row: unknown, address: string, messageId: string, context: DeliveryContext): void {
  const code = codeOf(row)
  if (row === undefined || isTaken(row) || code === undefined) return
  const kind = code === 'hard-bounce' || code === 'invalid' ? 'address-dead' : 'warning'
  context.report({
    kind,
    messageId,
    address,
    reason: `copy: mailchimp ${/^[a-z-]{1,40}$/.test(code) ? code : 'refused'}`,
  })
}

/** Why a mail waits at Mailchimp where only a person can let it go on. */
const held: ReadonlySet<string> = new Set([
  'free-trial-sends-exhausted',
  'monthly-limit-reached',
  'sending-paused',
  'sending-suspended',
  'account-suspended',
])

/** A mail that was taken and waits for a person is told: it may go out yet, so nobody else may send it. */
function reportHeld(row: unknown, messageId: string, context: DeliveryContext): void {
  const reason = textAt(row, 'queued_reason')
  if (reason !== undefined && held.has(reason))
    context.report({ kind: 'warning', messageId, reason: `mailchimp queued ${reason}` })
}

function rowOf({ json }: HttpAnswer, address: string): unknown {
  return listAt(json).find((row) => textAt(row, 'email')?.toLowerCase() === address.toLowerCase())
}

/** `queued`: it waits at Mailchimp, mostly for the account's quota; see `held`. */
function isTaken(row: unknown): boolean {
  return ['sent', 'queued', 'scheduled'].includes(String(fieldAt(row, 'status')))
}

function codeOf(row: unknown): string | undefined {
  return textAt(row, 'reject_reason') ?? textAt(row, 'status')
}
