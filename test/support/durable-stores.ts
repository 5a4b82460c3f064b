import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@reachkit/core/spec'
import { redis } from '@reachkit/store-redis'
import { mysql, postgres, sqlite } from '@reachkit/store-sql'
import { mariadbDatabase, postgresDatabase, redisUrl } from './servers/index.js'

export const durableKinds = ['sqlite', 'postgres', 'mysql', 'redis'] as const
export type DurableKind = (typeof durableKinds)[number]

/** Where a store is: enough for another process to open it too. */
export interface StorePlace {
  readonly kind: DurableKind
  /** A url, or the path of a file. */
  readonly url: string
  /** Of Redis keys. */
  readonly prefix: string
}

/** A place that nobody else has, for one test. */
export interface FreshPlace extends StorePlace {
  drop(): Promise<void>
}

export interface StoreTimes {
  readonly retention?: '1500ms' | '1h'
  readonly dedupeFor?: '2s' | '24h'
  readonly poolLease?: '2s'
  readonly pushAgain?: '500ms'
}

export function storeAt({ kind, url, prefix }: StorePlace, times: StoreTimes = {}): Store {
  switch (kind) {
    case 'sqlite':
      return sqlite({ path: url, ...times })
    case 'postgres':
      return postgres({ url, ...times })
    case 'mysql':
      return mysql({ url, ...times })
    case 'redis':
      return redis({ url, prefix, ...times })
  }
}

export async function freshPlace(kind: DurableKind): Promise<FreshPlace> {
  switch (kind) {
    case 'sqlite': {
      const folder = await mkdtemp(join(tmpdir(), 'reachkit-store-'))
      const drop = async (): Promise<void> => rm(folder, { recursive: true, force: true })
      return { kind, url: join(folder, 'reach.db'), prefix: '', drop }
    }
    case 'postgres':
      return { kind, prefix: '', ...(await postgresDatabase()) }
    case 'mysql':
      return { kind, prefix: '', ...(await mariadbDatabase()) }
    case 'redis':
      return { kind, ...(await redisUrl()) }
  }
}
