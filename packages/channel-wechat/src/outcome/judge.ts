import { type DeliveryContext, type DeliveryOutcome, type DeliveryRequest, retry } from '@reachkit/core/spec'
import { createOutcomes, type HttpAnswer, type OutcomeTable, tellOfFault } from '@reachkit/driver-kit'
import { errcodeOf } from './errcode.js'

/** A table of codes, and those of them that name a limit per minute. */
export interface CodeTable extends OutcomeTable {
  readonly minutely: readonly string[]
}

/** What an answer means that is not `errcode: 0`. A fault of the account is reported to the app as well. */
export type Judge = (
  answer: HttpAnswer,
  request: Pick<DeliveryRequest, 'id'>,
  context: Pick<DeliveryContext, 'report'>,
) => DeliveryOutcome

export function createJudge(table: CodeTable): Judge {
  const outcomeOf = createOutcomes(table)
  return (answer, request, context) => {
    const code = errcodeOf(answer.json)
    if (code !== undefined && table.minutely.includes(code)) return retry(60_000, `${table.vendor} ${code}`)
    return tellOfFault(outcomeOf(answer, code), request, context)
  }
}

/** True for an answer that says the message was taken. */
export function isTaken(answer: HttpAnswer): boolean {
  return answer.ok && errcodeOf(answer.json) === '0'
}
