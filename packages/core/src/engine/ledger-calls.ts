import { Coalescer } from '../io/coalescer.js'
import { retrying } from '../io/retrying.js'
import { ReachError } from '../spec/index.js'
import type { BeginAnswer, BeginRequest, Lane, Ledger, SettleAnswer, Settlement } from '../spec/index.js'

const together = { most: 64, width: 8 }
/**
 * About ten seconds: a server that restarts is back by then. Both carry results that only this process knows, a begin those
 * of the slice before; what is given up is held.
 */
const tries = 10

export interface LedgerCalls {
  begin(request: BeginRequest, lane: Lane): Promise<BeginAnswer>
  settle(settlement: Settlement, lane: Lane): Promise<SettleAnswer>
}

/**
 * `begin` and `settle` one at a time, as envelopes need them. What many envelopes ask in one turn is one round trip, apart
 * from that of P0, and a store that is away is asked again; a ledger in this process has no round trips to save, and is
 * called as it is.
 */
export function ledgerCalls(ledger: Ledger): LedgerCalls {
  if (!ledger.capabilities.durable) {
    return {
      begin: (request) => ledger.begin([request]).then(firstOf),
      settle: (settlement) => ledger.settle([settlement]).then(firstOf),
    }
  }
  const common = coalesced(ledger)
  const urgent = coalesced(ledger)
  const of = (lane: Lane): Coalesced => (lane === 'P0' ? urgent : common)
  return {
    begin: (request, lane) => of(lane).begins.call(request),
    settle: (settlement, lane) => of(lane).settles.call(settlement),
  }
}

interface Coalesced {
  readonly begins: Coalescer<BeginRequest, BeginAnswer>
  readonly settles: Coalescer<Settlement, SettleAnswer>
}

function coalesced(ledger: Ledger): Coalesced {
  return {
    begins: new Coalescer((requests) => retrying(() => ledger.begin(requests), { tries }), together),
    settles: new Coalescer((settlements) => retrying(() => ledger.settle(settlements), { tries }), together),
  }
}

function firstOf<T>([answer]: readonly T[]): T {
  if (answer === undefined) throw new ReachError('REACH_INTERNAL', 'the ledger answered nothing')
  return answer
}
