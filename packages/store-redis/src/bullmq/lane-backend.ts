import type { Lane, Logger } from '@reachkit/core/spec'
import type { JobJson, RedisQueueBackend } from 'bullmq'
import type { Connections } from './connections.js'
import { codeOf } from '../client/redis-error.js'
import type { PoolSettings } from './options.js'
import type { StoreTime } from './store-time.js'

/** BullMQ fails a job for good that stalls more often. The ledger counts takeovers, so here it never happens. */
const everySoOften = 2 ** 31 - 1

/** Nobody reads BullMQ's events here, so it keeps few. */
const keptEvents = '100'

/** Where BullMQ keeps what it knows of a lane. */
export interface LaneBackend {
  readonly backend: RedisQueueBackend
  /** Before the id of a job. */
  readonly jobPrefix: string
  readonly lockMs: number
  readonly stalledMs: number
  /** After a flush these are gone, so they are told again now and then. */
  configure(): Promise<void>
  /** The client stays open. */
  close(): Promise<void>
}

/** The queue of a lane, without a worker of BullMQ's: it judges due times by the store's clock, not by this machine's. */
export function openLaneBackend(
  { bullmq, client }: Connections,
  settings: PoolSettings,
  lane: Lane,
  time: StoreTime,
  logger: Logger,
): LaneBackend {
  class StoreTimedBackend extends bullmq.RedisQueueBackend {
    override execCommand(target: never, name: string, args: unknown[]): unknown {
      // Its keys, its prefix, and then the time by which it takes what is delayed for due.
      if (name === 'moveToActive') args[12] = time.now()
      return super.execCommand(target, name, args)
    }
  }
  const keys = new bullmq.QueueKeys(`{${settings.prefix}}`)
  const lockMs = settings.lockMs(lane)
  const stalledMs = Math.ceil(lockMs / 10)
  const connection = new bullmq.RedisConnection(client, {
    shared: true,
    blocking: false,
    skipVersionCheck: true,
  })
  connection.on('error', (error: unknown) => logger.debug({ lane, error: codeOf(error) }, 'the pool lost its Redis'))
  const options = {
    connection: client as never,
    prefix: `{${settings.prefix}}`,
    lockDuration: lockMs,
    // A check that comes a little early is not to find the last one's note.
    stalledInterval: Math.ceil(stalledMs * 0.8),
    maxStalledCount: everySoOften,
  }
  const toKey = (type: string): string => keys.toKey(lane, type)
  const backend = new StoreTimedBackend(connection, lane, keys.getKeys(lane), toKey, options)
  backend.on('error', () => {})
  const configure = async (): Promise<void> => {
    await backend.setQueueMeta({ 'opts.maxLenEvents': keptEvents })
  }
  return { backend, jobPrefix: toKey(''), lockMs, stalledMs, configure, close: async () => connection.close() }
}

/** A job as BullMQ stores it, of which it reads only these. */
export function newJob(id: string, data: string, timestamp: number, delay: number): JobJson {
  return {
    id,
    name: 'envelope',
    data,
    opts: delay > 0 ? { delay } : {},
    timestamp,
    delay,
    progress: 0,
    attemptsMade: 0,
    attemptsStarted: 0,
    stalledCounter: 0,
    failedReason: '',
    returnvalue: '',
  }
}
