import { ReachError } from '@reachkit/core/spec'
import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../database/dialect.js'
import { serverClocks } from '../database/server-clocks.js'
import type { ReachTables } from '../database/tables.js'
import { type SqlTransaction, type TransactionKind, transactionKind } from './transactions.js'

/** All that writing needs to know of the database. */
type Server = Pick<Dialect, 'name'>

export interface OutboxRow {
  readonly id: string
  readonly parcel: Uint8Array
}

/** The largest part of a statement that carries rows, in bytes: servers bound a packet to 4 MiB or more. */
const mostBytes = 1_000_000

/** Inserts rows in a transaction of the caller's, by its own client. Each is one statement and at most one round trip more. */
export async function appendRows(tx: SqlTransaction, dialect: Server, rows: readonly OutboxRow[]): Promise<void> {
  const kind = transactionKind(tx, dialect.name)
  if (kind === undefined) throw notTransaction(dialect)
  for (const some of bySize(rows)) await insert(tx, kind, dialect, some)
}

function notTransaction({ name }: Server): ReachError {
  const own = { postgres: '`pg` client', mysql: '`mysql2` connection', sqlite: 'SQLite connection' }[name]
  const text = `in() takes a transaction that has begun, of Kysely, Drizzle or Prisma, or a ${own} after BEGIN; a pool or a plain database is none`
  return new ReachError('REACH_TRANSACTION_UNSUPPORTED', text)
}

async function insert(
  tx: SqlTransaction,
  kind: TransactionKind,
  dialect: Server,
  rows: readonly OutboxRow[],
): Promise<void> {
  switch (kind) {
    case 'kysely':
      return insertByKysely(tx as unknown as Kysely<ReachTables>, dialect, rows)
    case 'pg':
      return insertByPg(tx as unknown as PgClient, dialect, rows)
    case 'mysql':
      return insertByMysql(promised(tx as unknown as MysqlConnection), dialect, rows)
    case 'mysql-promise':
      return insertByMysql(tx as unknown as MysqlPromiseConnection, dialect, rows)
    case 'drizzle':
      return insertByDrizzle(tx as unknown as DrizzleTransaction, dialect, rows)
    case 'prisma':
      await (tx as unknown as PrismaTransaction).$executeRawUnsafe(literalInsert(dialect, rows))
      return
    case 'sqlite':
      ;(tx as unknown as { exec(text: string): unknown }).exec(literalInsert(dialect, rows))
      return
  }
}

async function insertByKysely(trx: Kysely<ReachTables>, dialect: Server, rows: readonly OutboxRow[]): Promise<void> {
  const values = rows.map(({ id, parcel }) => sql`(${id}, ${parcel}, ${sql.raw(serverClocks[dialect.name])}, 0)`)
  // Plugins of the app's, such as one that renames columns, are none of ours.
  await sql`insert into reach_outbox (id, parcel, written_at, lease_until) values ${sql.join(values)}`.execute(
    trx.withoutPlugins(),
  )
}

interface PgClient {
  query(text: string, values?: readonly unknown[]): Promise<unknown>
  getTransactionStatus?(): string | null
}

async function insertByPg(client: PgClient, dialect: Server, rows: readonly OutboxRow[]): Promise<void> {
  if (client.getTransactionStatus === undefined) await refuseAutocommit(client, dialect)
  const values = rows.map((_, index) => `($${2 * index + 1}, $${2 * index + 2}, ${serverClocks.postgres}, 0)`)
  const parameters = rows.flatMap(({ id, parcel }) => [id, parcel])
  await client.query(`${into} ${values.join(', ')}`, parameters)
}

/** An older client does not know whether it is in a transaction. The server does: outside of one it refuses a savepoint. */
async function refuseAutocommit(client: PgClient, dialect: Server): Promise<void> {
  try {
    await client.query('savepoint reach_outbox')
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === '25P01') {
      throw notTransaction(dialect)
    }
    throw cause
  }
  await client.query('release savepoint reach_outbox')
}

interface MysqlConnection {
  query(options: object, callback: (error: unknown, result: unknown) => void): void
}
interface MysqlPromiseConnection {
  query(options: object): Promise<readonly unknown[]>
}

function promised(connection: MysqlConnection): MysqlPromiseConnection {
  return {
    query: (options) =>
      new Promise((resolve, reject) =>
        connection.query(options, (error, result) => {
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the app's client rejects with its own error.
          if (error !== null) reject(error)
          else resolve([result])
        }),
      ),
  }
}

async function insertByMysql(
  connection: MysqlPromiseConnection,
  dialect: Server,
  rows: readonly OutboxRow[],
): Promise<void> {
  const [state] = await connection.query({ sql: 'do 0' })
  if (!isInMysqlTransaction(state)) throw notTransaction(dialect)
  const values = rows.map(() => `(?, ?, ${serverClocks.mysql}, 0)`)
  const parameters = rows.flatMap(({ id, parcel }) => [id, Buffer.from(parcel)])
  await connection.query({ sql: `${into} ${values.join(', ')}`, values: parameters })
}

/** The server tells with each answer: bit 1 is a transaction that has begun, bit 2 that statements commit by themselves. */
function isInMysqlTransaction(answer: unknown): boolean {
  const status = (answer as { readonly serverStatus?: number } | undefined)?.serverStatus
  return status === undefined || (status & 1) !== 0 || (status & 2) === 0
}

interface DrizzleTransaction {
  execute?(text: string): Promise<unknown>
  run?(text: string): unknown
}

interface PrismaTransaction {
  $executeRawUnsafe(text: string): PromiseLike<number>
}

async function insertByDrizzle(tx: DrizzleTransaction, dialect: Server, rows: readonly OutboxRow[]): Promise<void> {
  const text = literalInsert(dialect, rows)
  await (tx.execute === undefined ? tx.run?.(text) : tx.execute(text))
}

const into = 'insert into reach_outbox (id, parcel, written_at, lease_until) values'

/** A statement without parameters, for clients whose parameters need a template of their own. An id is safe by its letters. */
function literalInsert({ name }: Server, rows: readonly OutboxRow[]): string {
  const values = rows.map(({ id, parcel }) => {
    if (!/^[\w.-]{1,64}$/.test(id))
      throw new ReachError('REACH_INTERNAL', 'the id of a parcel has a letter that ids have not')
    const hex = Buffer.from(parcel).toString('hex')
    return `('${id}', ${name === 'postgres' ? `decode('${hex}', 'hex')` : `x'${hex}'`}, ${serverClocks[name]}, 0)`
  })
  return `${into} ${values.join(', ')}`
}

function* bySize(rows: readonly OutboxRow[]): Generator<readonly OutboxRow[]> {
  let some: OutboxRow[] = []
  let bytes = 0
  for (const row of rows) {
    if (some.length > 0 && bytes + row.parcel.length > mostBytes) {
      yield some
      some = []
      bytes = 0
    }
    some.push(row)
    bytes += row.parcel.length
  }
  if (some.length > 0) yield some
}
