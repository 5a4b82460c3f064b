import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Does the work of so many messages; what it answers is awaited. */
export type Work = (messages: number) => unknown

/** One round of one side. */
export interface Round {
  readonly wallMs: number
  /** CPU time of this process: all its threads, no child process. */
  readonly cpuMs: number
}

export interface Sides<Each> {
  readonly ours: Each
  readonly peer: Each
}

const warmUps = 2

/** Runs both sides in turn, A B, B A, A B ...: what disturbs the machine disturbs both. The first rounds do not count. */
export async function interleave(
  sides: Sides<Work>,
  rounds: number,
  messages: number,
): Promise<readonly Sides<Round>[]> {
  const all: Sides<Round>[] = []
  for (let index = 0; index < warmUps + rounds; index++) {
    if (index % 2 === 0) {
      const ours = await runRound(sides.ours, messages)
      all.push({ ours, peer: await runRound(sides.peer, messages) })
    } else {
      const peer = await runRound(sides.peer, messages)
      all.push({ ours: await runRound(sides.ours, messages), peer })
    }
  }
  return all.slice(warmUps)
}

async function runRound(work: Work, messages: number): Promise<Round> {
  collectGarbage()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work(messages)
  const wallMs = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (user + system) / 1000 }
}

/** So that no round pays for the garbage of the one before. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
