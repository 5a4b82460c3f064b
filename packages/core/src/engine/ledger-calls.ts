import { Coalescer } from '../io/coalescer.js'
import { retrying } from '../io/retrying.js'
import { ReachError } from '../spec/index.js'
import type { BeginAnswer, BeginRequest, Ledger, SettleAnswer, Settlement } from '../spec/index.js'

const together = { most: 64, width: 8 }
/**
 * About ten seconds: a server that restarts is back by then. Both carry results that only this process knows, a begin those
 * of the slice before; what is given up is held.
 */
const tries = 10

export interface LedgerCalls {
  begin(request: BeginRequest): Promise<BeginAnswer>
  settle(settlement: Settlement): Promise<SettleAnswer>
}

/**
 * `begin` and `settle` one at a time, as envelopes need them. What many envelopes ask in one turn is one round trip, and
 * a store that is away is asked again; a ledger in this process has no round trips to save, and is called as it is.
 */
export function ledgerCalls(ledger: Ledger): LedgerCalls {
  if (!ledger.capabilities.durable) {
    return {
      begin: (request) => ledger.begin([request]).then(firstOf),
      settle: (settlement) => ledger.settle([settlement]).then(firstOf),
    }
  }
  const begins = new Coalescer<BeginRequest, BeginAnswer>(
    (requests) => retrying(() => ledger.begin(requests), { tries }),
    together,
  )
  const settles = new Coalescer<Settlement, SettleAnswer>(
    (settlements) => retrying(() => ledger.settle(settlements), { tries }),
    together,
  )
  return { begin: (request) => begins.call(request), settle: (settlement) => settles.call(settlement) }
}

function firstOf<T>([answer]: readonly T[]): T {
  if (answer === undefined) throw new ReachError('REACH_INTERNAL', 'the ledger answered nothing')
  return answer
}
