import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CrashPoint } from '@reachkit/testing'
import type { Place } from '../matrix/messages.js'
import { mariadbDatabase, postgresDatabase, redisUrl } from '../../test/support/servers/index.js'
import { serveMemory } from '../shared-memory/shared-memory.js'

/** A place that nobody else has, for one case. */
interface MatrixSpace {
  readonly space: Omit<Place, 'sinkUrl'>
  readonly drop: () => Promise<void>
}

export interface MatrixStore {
  readonly name: string
  /** False for a step that messages do not take on this store. */
  has(point: CrashPoint): boolean
  /** The points that are met here; all of them where it is left out. */
  readonly only?: ReadonlySet<CrashPoint>
  place(): Promise<MatrixSpace>
}

/** Where the pending entry is the pool row, nothing is pushed. */
const pushes = new Set<CrashPoint>(['before-push', 'after-push'])
/** Behind these, a firing, a run or a page is stored and the pool does not know. */
const unpushed: readonly CrashPoint[] = ['after-task', 'after-run', 'after-cursor']
const poolPoints = new Set<CrashPoint>([...pushes, 'before-ack', 'after-ack', ...unpushed])
const ownPool = { poolUrl: undefined, outboxFile: undefined, prefix: 'reach' } as const

async function folder(): Promise<{ readonly path: string; readonly drop: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'reachkit-matrix-'))
  return { path, drop: async () => rm(path, { recursive: true, force: true }) }
}

const ownPools: readonly MatrixStore[] = [
  {
    name: 'memory, shared',
    has: () => true,
    async place() {
      const served = await serveMemory()
      return { space: { store: 'memory', url: served.url, ...ownPool }, drop: () => served.close() }
    },
  },
  {
    name: 'SQLite',
    has: (point) => !pushes.has(point),
    async place() {
      const { path, drop } = await folder()
      return { space: { store: 'sqlite', url: join(path, 'reach.db'), ...ownPool }, drop }
    },
  },
  {
    name: 'PostgreSQL',
    has: (point) => !pushes.has(point),
    async place() {
      const { url, drop } = await postgresDatabase()
      return { space: { store: 'postgres', url, ...ownPool }, drop }
    },
  },
  {
    name: 'MariaDB',
    has: (point) => !pushes.has(point),
    async place() {
      const { url, drop } = await mariadbDatabase()
      return { space: { store: 'mysql', url, ...ownPool }, drop }
    },
  },
]

/** A ledger on SQL that pushes: only the points of the pool are others than without. */
function withBullmq(store: MatrixStore): MatrixStore {
  return {
    name: `${store.name} with BullMQ`,
    has: () => true,
    only: poolPoints,
    async place() {
      const own = await store.place()
      const { url, prefix, drop } = await redisUrl()
      return {
        space: { ...own.space, poolUrl: url, prefix },
        async drop() {
          await own.drop()
          await drop()
        },
      }
    },
  }
}

function redisStore(name: string, withBullmqToo: boolean): MatrixStore {
  return {
    name,
    has: () => true,
    ...(!withBullmqToo && { only: poolPoints }),
    async place() {
      const { url, prefix, drop } = await redisUrl()
      const beside = await folder()
      const poolUrl = withBullmqToo ? url : undefined
      const space = { store: 'redis', url, poolUrl, outboxFile: join(beside.path, 'outbox.db'), prefix } as const
      return {
        space,
        async drop() {
          await drop()
          await beside.drop()
        },
      }
    },
  }
}

export const matrixStores: readonly MatrixStore[] = [
  ...ownPools,
  ...ownPools.filter(({ name }) => !name.startsWith('memory')).map(withBullmq),
  redisStore('Redis with BullMQ', true),
  redisStore('Redis with its own pool', false),
]
