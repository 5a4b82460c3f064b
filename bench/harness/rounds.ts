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

/**
 * Garbage is not collected by hand between rounds: that also shrinks the young generation and drops compiled code, and both
 * sides were up to half slower until these had grown again.
 */
async function runRound(work: Work, messages: number): Promise<Round> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work(messages)
  const wallMs = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (user + system) / 1000 }
}
