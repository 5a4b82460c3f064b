import { type DeliveryContext, type DeliveryOutcome, retry } from '@reachkit/core/spec'
import { createOutcomes, type HttpAnswer, type OutcomeTable } from '@reachkit/driver-kit'
import { errcodeOf } from './errcode.js'

/** A table of codes, and those of them that name a limit per minute. */
export interface CodeTable extends OutcomeTable {
  readonly minutely: readonly string[]
}

/** What an answer means that is not `errcode: 0`. A fault of the account is reported to the app as well. */
export type Judge = (answer: HttpAnswer, messageId: string, context: DeliveryContext) => DeliveryOutcome

export function createJudge(table: CodeTable): Judge {
  const outcomeOf = createOutcomes(table)
  return (answer, messageId, context) => {
    const code = errcodeOf(answer.json)
    const outcome = outcomeOf(answer, code)
    if (code === undefined) return outcome
    if (table.minutely.includes(code)) return retry(60_000, `${table.vendor} ${code}`)
    if (Object.hasOwn(table.codes, code) && table.codes[code] === 'account')
      context.report({ kind: 'warning', messageId, reason: `${table.vendor} ${code}` })
    return outcome
  }
}

/** True for an answer that says the message was taken. */
export function isTaken(answer: HttpAnswer): boolean {
  return answer.ok && errcodeOf(answer.json) === '0'
}
