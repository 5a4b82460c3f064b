import { Child } from '../processes/child.js'
import type { Work } from '../harness/rounds.js'

/** Two processes: one that accepts, and one that works. */
export interface Side {
  readonly pids: readonly (number | undefined)[]
  /** From the first message until the last one has ended. */
  readonly run: (width: number) => Work
  stop(): Promise<void>
}

/** Starts both programs; each answers `start`, and the one `produce`, the other `expect`. */
export async function startSide(program: string, settings: object): Promise<Side> {
  const producer = new Child(program, { ...settings, works: false })
  const worker = new Child(program, { ...settings, works: true })
  // One after the other: the first one makes the tables.
  await producer.ask('start')
  await worker.ask('start')
  return {
    pids: [producer.pid, worker.pid],
    run: (width) => async (count) => {
      const ended = worker.ask('expect', count)
      await Promise.all([producer.ask('produce', { count, width }), ended])
    },
    async stop() {
      await producer.stop()
      await worker.stop()
    },
  }
}
