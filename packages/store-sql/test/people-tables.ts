import { sql } from 'kysely'
import type { OpenDatabase } from '../src/database/dialect.js'
import { databases, type TestDatabase } from './databases.js'

export interface PeopleDatabase {
  readonly name: TestDatabase['name']
  /** As `sqlReader` takes it. */
  readonly url: string
  /** Runs statements of a test, each by itself. */
  run(...statements: readonly string[]): Promise<void>
  drop(): Promise<void>
}

/** A database with the tables of a shop, beside those of Reachkit. */
export async function peopleDatabase(name: TestDatabase['name']): Promise<PeopleDatabase> {
  const kind = databases.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`no such database: ${name}`)
  const test = await kind.make()
  const open: OpenDatabase = await test.open({ migrate: false, durable: name !== 'sqlite' })
  return {
    name,
    url: name === 'sqlite' ? `sqlite:${test.url}` : test.url,
    async run(...statements) {
      for (const statement of statements) await sql.raw(statement).execute(open.db)
    },
    async drop() {
      await open.close()
      await test.drop()
    },
  }
}
