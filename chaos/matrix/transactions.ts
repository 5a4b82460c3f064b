import { sqlite } from '@reachkit/store-sql'
import { MemoryTransaction, commitMemory } from '../shared-memory/client.js'
import type { Place } from './messages.js'

/** Opens a transaction as the app's own code would, does the work in it, and commits. */
export async function inTransaction(place: Place, work: (tx: never) => Promise<void>): Promise<void> {
  if (place.outboxFile !== undefined) {
    await sqlite(place.outboxFile).migrate()
    return onSqlite(place.outboxFile, work)
  }
  switch (place.store) {
    case 'memory': {
      const tx = new MemoryTransaction()
      await work(tx as never)
      return commitMemory(place.url, tx)
    }
    case 'sqlite':
      return onSqlite(place.url, work)
    case 'postgres':
      return onPostgres(place.url, work)
    case 'mysql':
      return onMysql(place.url, work)
    case 'redis':
    case 'redis-cluster':
      throw new Error('Redis has no transactions')
  }
}

interface RawTransaction {
  exec?(text: string): unknown
  query?(text: string): Promise<unknown>
}

/**
 * What a relay has claimed is free half a minute after its death; this ends the claim at once. SQLite is waited for, and so
 * is the memory store, whose claims are short.
 */
export async function endClaims(place: Place): Promise<void> {
  if (place.store === 'sqlite' || place.store === 'memory') return
  const text = 'update reach_outbox set lease_until = 0'
  await inTransaction(place, async (tx: RawTransaction) => {
    await (tx.exec === undefined ? tx.query?.(text) : tx.exec(text))
  })
}

async function onSqlite(path: string, work: (tx: never) => Promise<void>): Promise<void> {
  const { default: Database } = await import('libsql')
  const connection = new Database(path, { timeout: 5_000 })
  connection.exec('BEGIN IMMEDIATE')
  await work(connection as never)
  connection.exec('COMMIT')
  connection.close()
}

async function onPostgres(url: string, work: (tx: never) => Promise<void>): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client(url)
  await client.connect()
  await client.query('BEGIN')
  await work(client as never)
  await client.query('COMMIT')
  await client.end()
}

async function onMysql(url: string, work: (tx: never) => Promise<void>): Promise<void> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection(url)
  await connection.beginTransaction()
  await work(connection as never)
  await connection.commit()
  await connection.end()
}
