import { expect, it } from 'vitest'
import type { BeginAnswer, BeginRequest, Ledger, Settlement } from '../spec/index.js'
import { ledgerCalls } from './ledger-calls.js'

const settlement: Settlement = { entry: 'e', token: 't', parcel: 'p', results: [], entries: [], finish: false }
const request: BeginRequest = {
  entry: 'e',
  token: 't',
  leaseMs: 1_000,
  slice: 1,
  parcel: 'p',
  positions: [],
  steps: [],
  attempting: [],
  settle: settlement,
}

it('What a slice became is not given up while the store restarts, whichever call takes it along.', async () => {
  const answer: BeginAnswer = { lease: 'held', begun: [], settled: [], envelopes: [] }
  let calls = 0
  const back = async (): Promise<readonly BeginAnswer[]> => {
    calls += 1
    if (calls % 6 !== 0) throw new Error('the server is away')
    return [answer]
  }
  const capabilities = { durable: true, pool: false, reservations: false }
  const ledger = ledgerCalls({ capabilities, begin: back, settle: back } as Partial<Ledger> as Ledger)
  expect(await ledger.settle(settlement, 'P2')).toBe(answer)
  expect(await ledger.begin(request, 'P2')).toBe(answer)
  expect(calls).toBe(12)
}, 20_000)
