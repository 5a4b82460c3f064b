// A provider that names all messages alike, as a sandbox does: what is kept of its ids must not grow with the messages.
import { afterAll, describe, expect, test } from 'vitest'
import type { HistoryEvent, NewMessage } from '@reachkit/core/spec'
import { eventually } from '../../../test/support/lamp.js'
import { databases } from './databases.js'
import { ledgerSubject } from './ledger-subject.js'
import { openPairs } from './open-pairs.js'

const size = 250
const parcels = 8
const message: NewMessage = {
  type: 'note',
  version: 1,
  recipient: 'ann',
  inline: undefined,
  data: '{}',
  lane: 'P2',
  labels: {},
  sandbox: false,
  expires: undefined,
  digest: undefined,
}
const event: HistoryEvent = { step: 0, kind: 'sent', channel: 'lamp', provider: 'sandbox', providerId: 'preview' }

describe.each(databases)('$name', ({ name }) => {
  const { open, drop } = openPairs(name)
  afterAll(drop)

  test('An id that a provider gives to thousands of messages is one row, and names one of the last.', async () => {
    const pair = await open()
    const subject = await ledgerSubject(async () => pair)()
    const { ledger, history } = subject
    try {
      const messages = Array.from({ length: size }, () => message)
      const ids = Array.from({ length: parcels }, (_, count) => `p${count}`)
      await ledger.accept(ids.map((id) => ({ id, tenant: 'acme', messages, entries: [] })))
      const positions = [...messages.keys()]
      for (const id of ids) {
        await ledger.note(positions.map((position) => ({ id: `${id}.${position}`, events: [event] })))
        const inLast = [expect.stringMatching(new RegExp(`^${id}\\.`)) as string]
        await eventually(async () => {
          await subject.advance(1_000)
          expect(await history.find('sandbox', ['preview'])).toEqual(inLast)
        })
      }
      const rows = await pair.database.db.selectFrom('reach_provider_id').select('message').execute()
      expect(rows.length).toBe(1)
    } finally {
      await subject.close()
    }
  }, 120_000)
})
