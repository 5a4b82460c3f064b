/** Does the work of so many messages; what it answers is awaited. */
export type Work = (messages: number) => unknown

/** One round of one side. */
export interface Round {
  readonly wallMs: number
  /** CPU time of this process, all its threads and no child process, or what `cpuMs` of the sides tells. */
  readonly cpuMs: number
}

export interface Sides<Each> {
  readonly ours: Each
  readonly peer: Each
}

/** CPU time so far, in milliseconds, of everything that does the work. */
export type CpuClock = () => number

const warmUps = 2

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Runs both sides in turn, A B, B A, A B ...: what disturbs the machine disturbs both. The first rounds do not count. */
export async function interleave(
  sides: Sides<Work> & { readonly cpuMs?: CpuClock },
  rounds: number,
  messages: number,
): Promise<readonly Sides<Round>[]> {
  const all: Sides<Round>[] = []
  const runRound = async (work: Work): Promise<Round> => timed(work, messages, sides.cpuMs ?? ownCpuMs)
  for (let index = 0; index < warmUps + rounds; index++) {
    if (index % 2 === 0) {
      const ours = await runRound(sides.ours)
      all.push({ ours, peer: await runRound(sides.peer) })
    } else {
      const peer = await runRound(sides.peer)
      all.push({ ours: await runRound(sides.ours), peer })
    }
  }
  return all.slice(warmUps)
}

/**
 * Garbage is not collected by hand between rounds: that also shrinks the young generation and drops compiled code, and both
 * sides were up to half slower until these had grown again.
 */
async function timed(work: Work, messages: number, cpuMs: CpuClock): Promise<Round> {
  const before = cpuMs()
  const start = performance.now()
  await work(messages)
  const wallMs = performance.now() - start
  return { wallMs, cpuMs: cpuMs() - before }
}
