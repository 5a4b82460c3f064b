import { laterMs } from '@reachkit/driver-kit'
import { expect, it } from 'vitest'
import { twilioCallOutcome } from '../voice/twilio-call-outcome.js'
import { twilioOutcome } from './twilio-outcome.js'

const answered = (status: number) => ({
  status,
  ok: status < 300,
  header: () => undefined,
  text: '',
  json: undefined,
})
const byAccount = { kind: 'retry', afterMs: laterMs }

it.each([20003, 20005, 20006, 20010, 20403, 20404, 20410])('%i is a fault of the account, in both channels', (code) => {
  for (const outcomeOf of [twilioOutcome, twilioCallOutcome])
    expect(outcomeOf(answered(400), String(code))).toMatchObject(byAccount)
})

it.each<[number, number, object]>([
  [409, 20409, { kind: 'unknown' }],
  [500, 20500, { kind: 'unknown' }],
  [429, 20429, { kind: 'retry' }],
  [400, 14107, { kind: 'retry' }],
  [400, 21211, { kind: 'rejected', invalidAddress: true }],
  [400, 21614, { kind: 'rejected', invalidAddress: true }],
  [400, 21635, { kind: 'rejected', invalidAddress: true }],
  [400, 21601, byAccount],
  [400, 21609, byAccount],
  [400, 21655, byAccount],
  [400, 21656, { kind: 'rejected', invalidAddress: false }],
  [400, 21702, byAccount],
  [201, 30003, { kind: 'rejected', invalidAddress: false }],
  [201, 30005, { kind: 'rejected', invalidAddress: true }],
  // A short code that its carrier does not know says so too: the number may be fine.
  [201, 30006, { kind: 'rejected', invalidAddress: false }],
  [201, 30008, { kind: 'unknown' }],
  [201, 30017, { kind: 'retry' }],
  [201, 30033, byAccount],
  [201, 30410, { kind: 'unknown' }],
  [201, 30450, { kind: 'retry', afterMs: laterMs }],
])('%i with %i', (status, code, outcome) =>
  expect(twilioOutcome(answered(status), String(code))).toMatchObject(outcome),
)
