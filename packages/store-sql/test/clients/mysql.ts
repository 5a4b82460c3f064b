import { drizzle } from 'drizzle-orm/mysql2'
import { Kysely, MysqlDialect } from 'kysely'
import mysql2 from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import type { AppClient, Connect } from './client.js'
import { heldOpen } from './client.js'

export const mysqlClients: readonly (readonly [string, Connect])[] = [
  ['Kysely', kysely],
  ['mysql2', callbacks],
  ['mysql2/promise', promises],
  ['Drizzle', drizzleOnMysql],
]

async function kysely(url: string): Promise<AppClient> {
  const db = new Kysely<object>({ dialect: new MysqlDialect({ pool: mysql2.createPool(url) }) })
  return {
    begin: async () => heldOpen((work) => db.transaction().execute(work)),
    none: [db],
    close: async () => db.destroy(),
  }
}

async function promises(url: string): Promise<AppClient> {
  const pool = mysqlPromise.createPool(url)
  return {
    async begin() {
      const tx = await pool.getConnection()
      await tx.beginTransaction()
      const end = async (how: 'commit' | 'rollback'): Promise<void> => {
        await tx[how]()
        tx.release()
      }
      return { tx, commit: async () => end('commit'), rollback: async () => end('rollback') }
    },
    none: [pool],
    close: async () => pool.end(),
  }
}

/** Transactions on connections with callbacks. */
async function callbacks(url: string): Promise<AppClient> {
  const pool = mysql2.createPool(url)
  return {
    async begin() {
      const promised = await pool.promise().getConnection()
      await promised.beginTransaction()
      const end = async (how: 'commit' | 'rollback'): Promise<void> => {
        await promised[how]()
        promised.release()
      }
      return { tx: promised.connection, commit: async () => end('commit'), rollback: async () => end('rollback') }
    },
    none: [pool],
    close: async () => pool.promise().end(),
  }
}

async function drizzleOnMysql(url: string): Promise<AppClient> {
  const pool = mysqlPromise.createPool(url)
  const db = drizzle(pool)
  return {
    begin: async () => heldOpen(async (work) => db.transaction(work)),
    none: [db, pool],
    close: async () => pool.end(),
  }
}
