// A server that lets this user in, and does not let it do what a store needs.
import { inspect } from 'node:util'
import { isReachError } from '@reachkit/core/spec'
import mysql2 from 'mysql2/promise'
import pg from 'pg'
import { expect, test } from 'vitest'
import { mariadbDatabase, postgresDatabase } from '../../../test/support/servers/index.js'
import { mysql, postgres } from '../src/index.js'
import { context } from './ledger-subject.js'

async function openingError(open: () => Promise<{ close(): Promise<void> }>): Promise<unknown> {
  try {
    await (await open()).close()
    return undefined
  } catch (error) {
    return error
  }
}

test('PostgreSQL: a role without CREATE is refused with a code, and works once the tables are made for it', async () => {
  const { url, drop } = await postgresDatabase()
  const role = `poor_${new URL(url).pathname.slice(1)}`
  const admin = new pg.Client(url)
  await admin.connect()
  try {
    await admin.query(`create role ${role} login password 'hidden-secret'`)
    await admin.query('revoke create on schema public from public')
    const poor = new URL(url)
    poor.username = role
    poor.password = 'hidden-secret'
    const error = await openingError(async () => postgres(poor.href).open(context))
    expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
    expect((error as Error).message).toContain('42501')
    expect(inspect(error, { depth: 8 })).not.toContain('hidden-secret')
    await postgres(url).migrate()
    await admin.query(`grant select, insert, update, delete on all tables in schema public to ${role}`)
    const parts = await postgres({ url: poor.href, migrate: false }).open(context)
    expect(await parts.state.credit('money', 3)).toBe(3)
    await parts.close()
  } finally {
    await admin.query(`drop owned by ${role}`)
    await admin.query(`drop role ${role}`)
    await admin.end()
    await drop()
  }
}, 60_000)

test('MariaDB: a user that may only read is refused with a code', async () => {
  const { url, drop } = await mariadbDatabase()
  const database = new URL(url).pathname.slice(1)
  const user = database.replace('reach_test', 'poor')
  const admin = await mysql2.createConnection(url)
  try {
    await admin.query(`create user '${user}'@'%' identified by 'hidden-secret'`)
    await admin.query(`grant select on ${database}.* to '${user}'@'%'`)
    const poor = new URL(url)
    poor.username = user
    poor.password = 'hidden-secret'
    const error = await openingError(async () => mysql(poor.href).open(context))
    expect(isReachError(error, 'REACH_STORE_UNAVAILABLE')).toBe(true)
    expect((error as Error).message).toMatch(/DENIED/)
    expect(inspect(error, { depth: 8 })).not.toContain('hidden-secret')
  } finally {
    await admin.query(`drop user '${user}'@'%'`)
    await admin.end()
    await drop()
  }
}, 60_000)
