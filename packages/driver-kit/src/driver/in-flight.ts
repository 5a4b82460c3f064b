/** Counts what is under way, so that `close` can wait for it. */
export interface InFlight {
  /** Starts the work and counts it until it has ended. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing is under way any more, however it ended. */
  idle(): Promise<void>
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>()
  return {
    async run(work) {
      const started = work()
      running.add(started)
      try {
        return await started
      } finally {
        running.delete(started)
      }
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
