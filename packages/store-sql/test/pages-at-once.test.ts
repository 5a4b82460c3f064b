import type { Ledger, NewParcel, RunRecord } from '@reachkit/core/spec'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenDatabase } from '../src/database/dialect.js'
import { AcceptAtOnce } from '../src/ledger/accept-at-once.js'
import { packParcel } from '../src/ledger/accept.js'
import { createLedgerParts } from '../src/ledger-parts.js'
import { databases, type TestDatabase } from './databases.js'
import { context } from './ledger-subject.js'

let server: TestDatabase
let database: OpenDatabase
let parts: ReturnType<typeof createLedgerParts>
let ledger: Ledger

beforeEach(async () => {
  const postgres = databases.find(({ name }) => name === 'postgres')
  if (postgres === undefined) throw new Error('the tests have a PostgreSQL')
  server = await postgres.make()
  database = await server.open()
  parts = createLedgerParts(database, context, {})
  ledger = parts.ledger
}, 60_000)
afterEach(async () => {
  await parts.close()
  await database.close()
  await server.drop()
})

async function begunRun(id: string): Promise<RunRecord> {
  await ledger.saveTask({ id: `task-${id}`, tenant: 'acme', revision: 1, text: '{}', next: 5 }, 0)
  const runs = [{ id, key: 'key', due: 5, part: '' }]
  await ledger.beginRun({ task: `task-${id}`, instant: 5, revision: 1, runs, next: undefined, lane: 'P3' })
  const run = await ledger.run(id)
  if (run === undefined) throw new Error('the run was begun')
  return run
}

function page(id: string, run: string, from: string, to: string, done = false): NewParcel {
  const cargo = { kind: 'messages', parcel: id, positions: [0], steps: [0] } as const
  const message = { type: 'sale', version: 1, recipient: 'ann', inline: undefined, data: '{}', lane: 'P3' } as const
  return {
    id,
    tenant: 'acme',
    messages: [{ ...message, labels: {}, sandbox: false, expires: undefined, digest: undefined }],
    entries: [{ id: `${id}-entry`, lane: 'P3', due: 0, weight: 1, cargo }],
    cursor: { run, from, to, done },
  }
}

function plain(parcel: NewParcel): NewParcel {
  const { cursor: _, ...rest } = parcel
  return rest
}

/** By the one statement alone; undefined where that did nothing. */
async function atOnce(parcels: readonly NewParcel[]): Promise<number | undefined> {
  const accepted = await new AcceptAtOnce(database.db, database.dialect).accept(parcels.map(packParcel))
  return accepted?.answers.length
}

async function runEntries(): Promise<readonly string[]> {
  const entries = await ledger.pending({}, 100)
  return entries.filter(({ cargo }) => cargo.kind === 'run').map(({ id }) => id)
}

test('pages of runs and other parcels are accepted by one statement, with their cursors', async () => {
  await begunRun('one')
  await begunRun('two')
  const batch = [page('a', 'one', '', 'p2'), plain(page('b', '', '', '')), page('c', 'two', '', 'end', true)]
  expect(await atOnce(batch)).toBe(3)
  expect(await ledger.run('one')).toMatchObject({ cursor: 'p2', done: false })
  expect(await ledger.run('two')).toMatchObject({ cursor: 'end', done: true })
  expect(await runEntries()).toEqual(['one'])
  const found = await ledger.get(['a.0', 'b.0', 'c.0'])
  expect(found.map((message) => message?.run)).toEqual(['one', undefined, 'two'])
})

test('where one cursor is elsewhere, nothing of the batch is written', async () => {
  const run = await begunRun('one')
  const other = await begunRun('two')
  expect(await atOnce([page('a', 'two', '', 'p2'), page('b', 'one', 'elsewhere', 'end', true)])).toBeUndefined()
  expect(await ledger.get(['a.0', 'b.0'])).toEqual([undefined, undefined])
  expect([await ledger.run('one'), await ledger.run('two')]).toEqual([run, other])
  expect((await runEntries()).toSorted()).toEqual(['one', 'two'])
})

test('two pages of one run go the long way, one behind the other', async () => {
  await begunRun('one')
  const batch = [page('a', 'one', '', 'p2'), page('b', 'one', 'p2', 'p3')]
  expect(await atOnce(batch)).toBeUndefined()
  expect((await ledger.accept(batch)).map(({ status }) => status)).toEqual(['accepted', 'accepted'])
  expect((await ledger.run('one'))?.cursor).toBe('p3')
})
