import type { Claim, Envelope, Ledger, MessageRecord } from '@reachkit/core/spec'
import type { LedgerSubject } from '../src/conformance/index.js'

/** What a broken ledger does in another way than the real one. */
export type Faults = (real: Ledger, subject: LedgerSubject) => Partial<Ledger>

/** Changes what a claim answers. */
export const claims =
  (change: (claim: Claim, envelope: Envelope, real: Ledger) => Claim | Promise<Claim>): Faults =>
  (real) => ({
    claim: async (request) => {
      const answers = await real.claim(request)
      return Promise.all(answers.map(async (claim, index) => change(claim, request.envelopes[index] as Envelope, real)))
    },
  })
/** Changes what is read of a message. */
export const records =
  (change: (record: MessageRecord) => MessageRecord | undefined): Faults =>
  (real) => ({
    get: async (ids) => (await real.get(ids)).map((record) => (record === undefined ? record : change(record))),
  })
