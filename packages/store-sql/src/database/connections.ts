import type { Kysely } from 'kysely'
import type { Pool as MysqlPool } from 'mysql2'
import type { Pool as PgPool } from 'pg'
import { ReachError } from '@reachkit/core/spec'

/** A `Kysely` of the app's own, a `Pool` of `pg`, or one of `mysql2` or `mysql2/promise`. */
export type SqlConnections = KyselyLike | PgPoolLike | MysqlPoolLike

export interface KyselyLike {
  selectFrom(...from: never[]): unknown
  getExecutor(): unknown
  readonly isTransaction: boolean
}
export interface PgPoolLike {
  connect(): Promise<unknown>
  readonly totalCount: number
}
export interface MysqlPoolLike {
  getConnection(...callback: never[]): unknown
  query(...query: never[]): unknown
}

/** What an app has handed in, by what it can do. */
export type KnownConnections =
  | { readonly kind: 'kysely'; readonly kysely: Kysely<unknown> }
  | { readonly kind: 'postgres'; readonly pool: PgPool }
  | { readonly kind: 'mysql'; readonly pool: MysqlPool }

/** @throws ReachError `REACH_OPTION_INVALID`, which begins with `place`, where it is none of these. */
export function recognizeConnections(place: string, connections: unknown): KnownConnections {
  const fields = (connections ?? {}) as Readonly<Record<string, unknown>>
  const has = (...names: string[]): boolean => names.every((name) => typeof fields[name] === 'function')
  if (has('selectFrom', 'getExecutor') && fields['isTransaction'] !== true) {
    return { kind: 'kysely', kysely: connections as Kysely<unknown> }
  }
  if (has('connect', 'query') && 'totalCount' in fields) return { kind: 'postgres', pool: connections as PgPool }
  if (has('getConnection', 'query')) {
    // A pool of promises stands around one of callbacks.
    const inner = (fields['pool'] as { readonly getConnection?: unknown } | undefined)?.getConnection
    return { kind: 'mysql', pool: (typeof inner === 'function' ? fields['pool'] : connections) as MysqlPool }
  }
  const text = `${place}: a Kysely, a Pool of \`pg\` or a pool of \`mysql2\` is needed, and no transaction`
  throw new ReachError('REACH_OPTION_INVALID', text)
}
