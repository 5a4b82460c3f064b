// graphile-worker 0.17 with one job a message, tuned: a local queue, and jobs completed in batches.
import { inFlight } from '../harness/in-flight.js'
import { orderOf } from '../notify-memory/bench-message.js'
import { peer } from '../peer.js'
import { answer, given } from '../processes/answer.js'
import { Tally } from '../processes/tally.js'

interface Utils {
  addJob(task: string, payload: object): Promise<unknown>
  addJobs(jobs: readonly object[]): Promise<unknown>
  migrate(): Promise<void>
  release(): Promise<void>
}
interface Runner {
  stop(): Promise<void>
}
interface Graphile {
  readonly makeWorkerUtils: (options: object) => Promise<Utils>
  readonly run: (options: object) => Promise<Runner>
  readonly Logger: new (factory: () => () => void) => object
}

const { url, works, bulk = 0 } = given as { url: string; works: boolean; bulk?: number }
const { Logger, makeWorkerUtils, run } = peer('graphile-worker') as Graphile
const common = {
  connectionString: url,
  maxPoolSize: 10,
  schema: `graphile_${bulk}`,
  logger: new Logger(() => () => {}),
}
const worker = { concurrentJobs: 50, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
const tally = new Tally()
const identifier = 'order'
let next = 0
let utils: Utils | undefined
let runner: Runner | undefined

async function start(): Promise<void> {
  utils = await makeWorkerUtils(common)
  await utils.migrate()
  // Told after the task has run; its completion follows within the batch.
  const taskList = { [identifier]: async () => tally.add() }
  if (works) runner = await run({ ...common, noHandleSignals: true, concurrency: 50, taskList, preset: { worker } })
}

answer(
  {
    start,
    produce: async ({ count, width }: { count: number; width: number }) =>
      bulk === 0
        ? inFlight(width, count, async () => void (await utils?.addJob(identifier, orderOf(next++))))
        : inFlight(2, count / bulk, async () => {
            await utils?.addJobs(Array.from({ length: bulk }, () => ({ identifier, payload: orderOf(next++) })))
          }),
    expect: async (count: number) => {
      await tally.reaches(count)
      tally.reset()
    },
  },
  async () => {
    await runner?.stop()
    await utils?.release()
  },
)
