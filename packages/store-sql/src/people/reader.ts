import {
  createGuard,
  type Guard,
  type GuardOptions,
  guardOptionNames,
  pickGuardOptions,
} from '@reachkit/core/directory'
import { isReachError, ReachError } from '@reachkit/core/spec'
import { Kysely, MysqlDialect, PostgresDialect, type RawBuilder } from 'kysely'
import { recognizeConnections, type SqlConnections } from '../database/connections.js'
import type { Dialect } from '../database/dialect.js'
import { plainText } from '../database/failures.js'
import { codeOf } from '../database/retry.js'
import { kyselyDialect } from '../database/use-kysely.js'
import { type Duration, OptionReader } from '../factory/option-reader.js'
import { exactMysqlPool, exactPostgresPool } from './exact-pools.js'
import { openByUrl } from './open-reader.js'

export interface SqlReaderOptions extends GuardOptions {
  /** How long opening a connection of its own may take. Default `5s`. */
  readonly connectTimeout?: Duration
  /** Which server it is, for a Kysely with a dialect of the app's own. */
  readonly dialect?: Dialect['name']
}

export type Row = Readonly<Record<string, unknown>>

/** A database of the app that is read and never written: for one directory and any number of audiences. */
export interface SqlReader {
  readonly dialect: Dialect['name']
  /** Behind which everything is read. */
  readonly guard: Guard
  /** The rows of a query. Rejects with `REACH_DIRECTORY_UNAVAILABLE` where the database fails. */
  rows(query: RawBuilder<unknown>): Promise<readonly Row[]>
  /** Closes what it opened; connections that were handed in stay open. */
  close(): Promise<void>
}

/**
 * Reads an app's own database, by a url (`postgres:`, `mysql:`, or `sqlite:people.db`) or by connections of the app. By a
 * url it opens as many connections as `concurrency` says, which only read, and whose statements end with `timeout`.
 * Connections of the app keep the settings of the app.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function sqlReader(source: string | SqlConnections, options: SqlReaderOptions = {}): SqlReader {
  const reader = new OptionReader('sqlReader', options, [...guardOptionNames, 'connectTimeout', 'dialect'])
  const connectMs = reader.durationMs('connectTimeout', 1) ?? 5_000
  const wanted = reader.choice('dialect', ['postgres', 'mysql', 'sqlite'])
  const guard = createGuard(pickGuardOptions(options))
  if (typeof source !== 'string') return readerOn(guard, connectionsOf(source, wanted))
  const { name, address } = readUrl(source)
  const { concurrency: connections, timeoutMs: statementMs } = guard.settings
  const open = (): Promise<Kysely<unknown>> => openByUrl(name, address, { connections, connectMs, statementMs })
  return readerOn(guard, { dialect: name, open, closes: true })
}

/** True for what `sqlReader` answers. */
export function isSqlReader(value: unknown): value is SqlReader {
  return typeof value === 'object' && value !== null && 'guard' in value && 'rows' in value
}

interface Source {
  readonly dialect: Dialect['name']
  readonly open: () => Promise<Kysely<unknown>>
  readonly closes: boolean
}

function readerOn(guard: Guard, { dialect, open, closes }: Source): SqlReader {
  let opening: Promise<Kysely<unknown>> | undefined
  const opened = async (): Promise<Kysely<unknown>> => {
    opening ??= open()
    try {
      return await opening
    } catch (error) {
      // The next read tries again.
      opening = undefined
      throw error
    }
  }
  return {
    dialect,
    guard,
    async rows(query) {
      try {
        return (await query.execute(await opened())).rows as readonly Row[]
      } catch (error) {
        throw readError(error)
      }
    },
    async close() {
      const db = await opening?.catch(() => undefined)
      opening = undefined
      if (closes) await db?.destroy()
    },
  }
}

function connectionsOf(source: unknown, wanted: Dialect['name'] | undefined): Source {
  const given = recognizeConnections('sqlReader', source)
  switch (given.kind) {
    case 'kysely':
      return openAlready(wanted ?? kyselyDialect(given.kysely), given.kysely.withoutPlugins())
    case 'postgres':
      return openAlready(
        'postgres',
        new Kysely({ dialect: new PostgresDialect({ pool: exactPostgresPool(given.pool) }) }),
      )
    case 'mysql':
      return openAlready('mysql', new Kysely({ dialect: new MysqlDialect({ pool: exactMysqlPool(given.pool) }) }))
  }
}

function openAlready(dialect: Dialect['name'], db: Kysely<unknown>): Source {
  return { dialect, open: async () => db, closes: false }
}

const protocols: Readonly<Record<string, Dialect['name']>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
}

/** A wrong one is refused without being shown: it may hold a password. */
function readUrl(url: string): { readonly name: Dialect['name']; readonly address: string } {
  const [, path] = /^sqlite:([^]+)$/.exec(url) ?? []
  if (path !== undefined) return { name: 'sqlite', address: path }
  const name = URL.canParse(url) ? protocols[new URL(url).protocol] : undefined
  if (name !== undefined) return { name, address: url }
  const text = 'sqlReader: the url must begin with postgres:, mysql: or mariadb:, or be sqlite: and the name of a file'
  throw new ReachError('REACH_OPTION_INVALID', text)
}

/** Without the values that a driver may quote. */
function readError(error: unknown): ReachError {
  if (isReachError(error, 'REACH_DIRECTORY_UNAVAILABLE')) return error
  const code = codeOf(error)
  const text = plainText(error)
  const cause = Object.assign(new Error(text), code === undefined ? {} : { code })
  return new ReachError('REACH_DIRECTORY_UNAVAILABLE', `the database answered ${code ?? 'an error'}: ${text}`, {
    cause,
  })
}
