import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult, PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool as MysqlClientPool, TypeCast } from 'mysql2'
import type { Pool as PgClientPool, PoolClient } from 'pg'

const int8 = 20

/** A pool of `pg` whose whole numbers of 64 bits are exact, whatever the app has set up for its own queries. */
export function exactPostgresPool(pool: PgClientPool): PostgresPool {
  const heard = new WeakSet<PoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      // An error of a client at work, which nobody hears, would end the process; the query under way rejects.
      if (!heard.has(client)) client.on('error', () => {})
      heard.add(client)
      return exactClient(client)
    },
    end: () => pool.end(),
  }
}

function exactClient(client: PoolClient): PostgresPoolClient {
  const types = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a server has more types than the list.
      return oid === int8 && format !== 'binary' ? BigInt : client.getTypeParser(oid, format)
    },
  }
  const query = (text: string, values: readonly unknown[]): Promise<unknown> =>
    client.query({ text, values: [...values], types })
  return { query: query as PostgresPoolClient['query'], release: () => client.release() }
}

const exactNumbers: TypeCast = (field, next) => {
  if (field.type !== 'LONGLONG') return next()
  const text = field.string()
  return text === null ? null : BigInt(text)
}

/** A pool of `mysql2` whose whole numbers of 64 bits are exact, whatever the app has set up for its own queries. */
export function exactMysqlPool(pool: MysqlClientPool): MysqlPool {
  return {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error !== null) return callback(error, undefined as unknown as MysqlPoolConnection)
        const query = (
          text: string,
          values: unknown[],
          done: (error: unknown, result: MysqlQueryResult) => void,
        ): void => {
          const options = { sql: text, values: values.map(asBytes), typeCast: exactNumbers, stringifyObjects: true }
          connection.query(options, (failure, result) => done(failure, result as MysqlQueryResult))
        }
        callback(null, { query: query as MysqlPoolConnection['query'], release: () => connection.release() })
      })
    },
    end: (callback) => pool.end(callback),
  }
}

function asBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}
