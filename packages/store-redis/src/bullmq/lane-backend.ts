import type { Lane, Logger } from '@reachkit/core/spec'
import type { JobJson, RedisQueueBackend } from 'bullmq'
import type { Connections } from './connections.js'
import { codeOf } from '../client/redis-error.js'
import type { PoolSettings } from './options.js'
import { recordCall, unsupported } from './recorded-call.js'
import type { RecordedCall } from './recorded-call.js'

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
  /** How BullMQ would add this job. */
  adding(id: string, name: string, data: string, timestamp: number, delay: number): RecordedCall
  /** How it would move a job to those that are worked on. */
  claiming(token: string): Promise<RecordedCall>
  /** How it would end and remove the job of this id. */
  finishing(id: string, token: string): Promise<RecordedCall>
  /** After a flush these are gone, so they are told again now and then. */
  configure(): Promise<void>
  /** The client stays open. */
  close(): Promise<void>
}

/** The queue of a lane, without a worker of BullMQ's. Calls can be recorded instead of sent, and be run by our scripts. */
export function openLaneBackend(
  { bullmq, client }: Connections,
  settings: PoolSettings,
  lane: Lane,
  logger: Logger,
): LaneBackend {
  const keys = new bullmq.QueueKeys(`{${settings.prefix}}`)
  const lockMs = settings.lockMs(lane)
  const stalledMs = Math.ceil(lockMs / 10)
  const connection = new bullmq.RedisConnection(client, { shared: true, blocking: false, skipVersionCheck: true })
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
  const recorder = new Recorder(client)
  const Recording = recordingBackend(bullmq, recorder)
  const backend = new Recording(connection, lane, keys.getKeys(lane), toKey, options)
  backend.on('error', () => {})
  return {
    backend,
    jobPrefix: toKey(''),
    lockMs,
    stalledMs,
    adding: (id, name, data, timestamp, delay) =>
      // It is called, and recorded, before anything is waited for.
      recorder.now(() => backend.addJobToTransaction(client as never, newJob(id, name, data, timestamp, delay), id)),
    claiming: async (token) => recorder.record(() => backend.moveToActive(token)),
    finishing: async (id, token) =>
      recorder.record(() => backend.moveToCompleted({ id, opts: {} } as never, null, true, token, false)),
    configure: async () => {
      await backend.setQueueMeta({ 'opts.maxLenEvents': keptEvents })
    },
    close: async () => connection.close(),
  }
}

/** A backend whose calls go to the recorder while that records. */
function recordingBackend(bullmq: Connections['bullmq'], recorder: Recorder) {
  return class extends bullmq.RedisQueueBackend {
    override execCommand(target: never, name: string, args: unknown[]): unknown {
      if (!recorder.isOn) return super.execCommand(target, name, args)
      recorder.take(`${name}:${this.version}`, args)
      return []
    }
  }
}

/** Keeps the call that a backend would have sent. */
class Recorder {
  readonly #client: Connections['client']
  #recording = 0
  #taken: RecordedCall | undefined

  constructor(client: Connections['client']) {
    this.#client = client
  }

  get isOn(): boolean {
    return this.#recording > 0
  }

  take(name: string, args: unknown[]): void {
    this.#taken = recordCall(this.#client, name, args)
  }

  now(call: () => Promise<unknown>): RecordedCall {
    this.#recording += 1
    call().catch(() => {})
    this.#recording -= 1
    return this.#given()
  }

  async record(call: () => Promise<unknown>): Promise<RecordedCall> {
    this.#recording += 1
    try {
      await call()
    } finally {
      this.#recording -= 1
    }
    return this.#given()
  }

  #given(): RecordedCall {
    const call = this.#taken
    this.#taken = undefined
    if (call === undefined) throw unsupported()
    return call
  }
}

/** A job as BullMQ stores it, of which it reads only these. */
function newJob(id: string, name: string, data: string, timestamp: number, delay: number): JobJson {
  return {
    id,
    name,
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
