import type { DeliveryContext, DeliveryOutcome } from '@reachkit/core/spec'
import { sent, unknown } from '@reachkit/core/spec'
import { createOutcomes, fieldAt, type HttpAnswer, listAt, type OutcomeOf, textAt } from '@reachkit/driver-kit'
import type { ComposedMail } from '../mime/composer.js'

/** What a name of an error, or a reason of a rejected mail, means. Every error comes with status 500. */
const outcomeOfCode: OutcomeOf = createOutcomes({
  vendor: 'mailchimp',
  document:
    'Mailchimp Transactional, "Error glossary" and "Send new raw message" (https://mailchimp.com/developer/transactional/api/messages/send-mime-document/)',
  codes: {
    Invalid_Key: 'account', // no such API key
    PaymentRequired: 'account',
    Unknown_Subaccount: 'account',
    Unknown_Pool: 'account',
    ValidationError: 'rejected', // a parameter is missing or wrong
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
    'recipients limit exceeded': 'rejected',
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
  if (isTaken(row)) return sent(textAt(row, '_id'))
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

function rowOf({ json }: HttpAnswer, address: string): unknown {
  return listAt(json).find((row) => textAt(row, 'email')?.toLowerCase() === address.toLowerCase())
}

/** `queued`: it waits at Mailchimp for the account's quota. */
function isTaken(row: unknown): boolean {
  return ['sent', 'queued', 'scheduled'].includes(String(fieldAt(row, 'status')))
}

function codeOf(row: unknown): string | undefined {
  return textAt(row, 'reject_reason') ?? textAt(row, 'status')
}
