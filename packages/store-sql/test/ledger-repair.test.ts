import type { NewMessage, NewParcel } from '@reachkit/core/spec'
import { sql } from 'kysely'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Database } from '../src/database/dialect.js'
import { createLedgerParts } from '../src/ledger-parts.js'
import type { LedgerParts } from '../src/ledger-parts.js'
import { databases } from './databases.js'
import { context } from './ledger-subject.js'
import { openPairs } from './open-pairs.js'

function message(position: number, over: Partial<NewMessage> = {}): NewMessage {
  return {
    type: 'otp',
    version: 1,
    recipient: `user-${position}`,
    inline: undefined,
    data: `{"n":${position}}`,
    lane: 'P2',
    labels: {},
    sandbox: false,
    expires: undefined,
    digest: undefined,
    ...over,
  }
}

function parcel(id: string, messages: readonly NewMessage[], over: Partial<NewParcel> = {}): NewParcel {
  const positions = [...messages.keys()]
  const cargo = { kind: 'messages', parcel: id, positions, steps: positions.map(() => 0) } as const
  return {
    id,
    tenant: 'acme',
    messages,
    entries: [{ id: `${id}-entry`, lane: 'P2', due: 0, weight: 1, cargo }],
    ...over,
  }
}

/** Claims, begins and ends all messages of a parcel. */
async function send({ ledger }: LedgerParts, { id, messages, entries }: NewParcel): Promise<void> {
  const [entry] = entries
  if (entry === undefined) throw new Error('a parcel of the test has an entry')
  const envelopes = [{ ...entry, tenant: 'acme', schema: 1 } as const]
  const [claim] = await ledger.claim({ envelopes, owner: 'worker', leaseMs: 30_000 })
  if (claim?.status !== 'claimed') throw new Error(`the entry is ${claim?.status}`)
  const results = messages.map((_, position) => ({
    position,
    step: 0,
    to: { state: 'done', outcome: 'sent' } as const,
    events: [{ step: 0, kind: 'sent', channel: 'email', provider: 'ses', providerId: `${id}-${position}` } as const],
  }))
  await ledger.settle([{ entry: entry.id, token: claim.token, parcel: id, results, entries: [], finish: true }])
}

async function untold({ db }: Database): Promise<number> {
  const rows = await db.selectFrom('reach_progress').select('parcel').where(sql<boolean>`told < version`).execute()
  return rows.length
}

/** A process that is killed: whatever it was about to do by a timer is never done. */
const killed = { ...context, clock: { ...context.clock, setTimer: () => () => {} } }

for (const { name } of databases) {
  const { open, drop } = openPairs(name, 8)
  afterAll(drop)

  describe(`what a crash loses of history, on ${name}`, () => {
    it('is told by the sweep of any process', { timeout: 30_000 }, async () => {
      const { database, peer, close } = await open()
      const dead = createLedgerParts(database, killed)
      const kept = parcel('kept', [message(0), message(1)])
      await dead.ledger.accept([kept, parcel('waits', [message(2)])])
      await send(dead, kept)
      expect(await untold(database)).toBe(2)
      const other = createLedgerParts(peer, context)
      await vi.waitFor(
        async () => {
          await other.ledger.sweep(1_000)
          expect(await untold(database)).toBe(0)
        },
        { timeout: 15_000, interval: 200 },
      )
      const { rows } = await other.history.list({ tenant: 'acme' }, { limit: 10 })
      const told = rows.map(({ id, state, channels }) => ({ id, state, channels }))
      expect(told.toSorted((one, two) => (one.id < two.id ? -1 : 1))).toEqual([
        { id: 'kept.0', state: 'done', channels: ['email'] },
        { id: 'kept.1', state: 'done', channels: ['email'] },
        { id: 'waits.0', state: 'waiting', channels: [] },
      ])
      expect(await other.history.find('ses', ['kept-1'])).toEqual(['kept.1'])
      await other.close()
      await close()
    })

    it('is told whole where two processes wrote of one parcel', { timeout: 30_000 }, async () => {
      const { database, peer, close } = await open()
      const [one, two] = [createLedgerParts(database, context), createLedgerParts(peer, killed)]
      const shared = parcel('shared', [message(0), message(1)])
      await one.ledger.accept([shared])
      await vi.waitFor(async () => expect(await untold(database)).toBe(0), { timeout: 5_000 })
      await one.ledger.cancel(['shared.0'])
      await two.ledger.cancel(['shared.1'])
      await vi.waitFor(async () => expect(await untold(database)).toBe(0), { timeout: 5_000 })
      const { rows } = await one.history.list({ ids: ['shared.0', 'shared.1'] }, { limit: 10 })
      expect(rows.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])
      await one.close()
      await close()
    })

    it('takes texts that a server would refuse', { timeout: 30_000 }, async () => {
      const { database, close } = await open()
      const parts = createLedgerParts(database, context)
      const recipient = `a\u0000b${'ü'.repeat(1_000)}`
      await parts.ledger.accept([parcel('odd', [message(0, { recipient })])])
      await vi.waitFor(async () => expect(await untold(database)).toBe(0), { timeout: 5_000 })
      expect((await parts.ledger.get(['odd.0']))[0]?.recipient).toBe(recipient)
      const { rows } = await parts.history.list({ recipient, tenant: 'acme' }, { limit: 10 })
      expect(rows.map(({ id }) => id)).toEqual(['odd.0'])
      await parts.close()
      await close()
    })
  })

  describe(`a row that cannot be read, on ${name}`, () => {
    it('stops nobody else, and is not forgotten', { timeout: 30_000 }, async () => {
      const { database, close } = await open()
      const writer = createLedgerParts(database, killed)
      const [broken, sound] = [parcel('broken', [message(0)]), parcel('sound', [message(1)])]
      await writer.ledger.accept([broken, sound])
      const bodies = Buffer.from('no parcel')
      await database.db.updateTable('reach_parcel').set({ bodies }).where('id', '=', 'broken').execute()
      const told: unknown[] = []
      const logger = { ...context.logger, error: (fields: unknown) => told.push(fields) }
      const parts = createLedgerParts(database, { ...killed, logger })
      const envelopes = [broken, sound].flatMap(({ entries }) =>
        entries.map((entry) => ({ ...entry, tenant: 'acme', schema: 1 }) as const),
      )
      const claims = await parts.ledger.claim({ envelopes, owner: 'worker', leaseMs: 30_000 })
      expect(claims.map((claim) => (claim.status === 'claimed' ? claim.messages[0]?.type : claim.status))).toEqual([
        '',
        'otp',
      ])
      expect(told).toEqual([expect.objectContaining({ parcel: 'broken' })])
      expect((await parts.ledger.pending({}, 10)).map(({ id }) => id)).toEqual(['broken-entry', 'sound-entry'])
      await close()
    })
  })

  describe(`calls that share a transaction, on ${name}`, () => {
    it('answer each caller its own, whatever becomes of the others', { timeout: 30_000 }, async () => {
      const { database, close } = await open()
      const parts = createLedgerParts(database, context)
      const cyclic = parcel('broken', [message(0)], {
        entries: [{ ...parcel('x', []).entries[0], id: 'taken' }] as never,
      })
      await parts.ledger.accept([parcel('first', [message(0)], { entries: cyclic.entries })])
      const calls = [parcel('a', [message(1)]), cyclic, parcel('b', [message(2)])].map((one) =>
        parts.ledger.accept([one]),
      )
      const outcomes = await Promise.allSettled(calls)
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      const found = await parts.ledger.get(['a.0', 'broken.0', 'b.0'])
      expect(found.map((one) => one?.id)).toEqual(['a.0', undefined, 'b.0'])
      await parts.close()
      await close()
    })

    it('accept a key that many give at once as one message', { timeout: 60_000 }, async () => {
      const { database, peer, close } = await open()
      const [one, two] = [createLedgerParts(database, context), createLedgerParts(peer, context)]
      const keys = Array.from({ length: 100 }, (_, index) => index)
      const digest = (key: number): string => `key-${String(key).padStart(8, '0')}`
      const accept = (parts: LedgerParts, by: string): Promise<readonly (string | undefined)[]> =>
        Promise.all(
          keys.map(async (key) => {
            const [answer] = await parts.ledger.accept([
              parcel(`${by}-${key}`, [message(key, { digest: digest(key) })]),
            ])
            return answer?.ids[0]
          }),
        )
      const [ids, others] = await Promise.all([accept(one, 'one'), accept(two, 'two')])
      expect(others).toEqual(ids)
      expect(new Set(ids).size).toBe(keys.length)
      await Promise.all([one.close(), two.close()])
      await close()
    })
  })
}
