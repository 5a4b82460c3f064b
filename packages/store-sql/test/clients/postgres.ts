import { PrismaPg } from '@prisma/adapter-pg'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { AppClient, Connect } from './client.js'
import { heldOpen } from './client.js'
import { prismaClient } from './prisma.js'

export const postgresClients: readonly (readonly [string, Connect])[] = [
  ['Kysely', kysely],
  ['pg', pool],
  ['Drizzle', drizzleOnPg],
  ['Prisma', prisma],
]

async function kysely(url: string): Promise<AppClient> {
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) })
  return {
    begin: async () => heldOpen((work) => db.transaction().execute(work)),
    none: [db],
    close: async () => db.destroy(),
  }
}

async function pool(url: string): Promise<AppClient> {
  const clients = new pg.Pool({ connectionString: url })
  return {
    async begin() {
      const client = await clients.connect()
      await client.query('begin')
      const end = async (how: string): Promise<void> => {
        await client.query(how)
        client.release()
      }
      return { tx: client, commit: async () => end('commit'), rollback: async () => end('rollback') }
    },
    none: [clients],
    close: async () => clients.end(),
  }
}

async function drizzleOnPg(url: string): Promise<AppClient> {
  const clients = new pg.Pool({ connectionString: url })
  const db = drizzle(clients)
  return {
    begin: async () => heldOpen(async (work) => db.transaction(work)),
    none: [db, clients],
    close: async () => clients.end(),
  }
}

async function prisma(url: string): Promise<AppClient> {
  const client = prismaClient(new PrismaPg({ connectionString: url }))
  return {
    begin: async () => heldOpen(async (work) => client.$transaction(work, { timeout: 60_000 })),
    none: [client],
    close: async () => client.$disconnect(),
  }
}
