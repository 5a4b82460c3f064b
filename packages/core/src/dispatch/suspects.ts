import type { Clock } from '../spec/index.js'
import { pause } from '../io/pause.js'

/** How long a suspect waits for others to land, at most, and how often it looks. */
const quietMs = 100
const lookMs = 10

export interface SuspectsOptions {
  readonly clock: Clock
  readonly stopping: AbortSignal
  /** True where nothing but the suspect is worked on. */
  readonly isQuiet: () => boolean
}

interface SuspectRun {
  isPutOff: boolean
  run(): Promise<void>
}

/**
 * Messages that may have ended their process are tried one at a time, so that the one that does is told from those beside
 * it: the others are given back before it begins, and what is in the air has a moment to land.
 */
export class Suspects {
  readonly #options: SuspectsOptions
  readonly #puttingOff = new Set<Promise<void>>()
  #isTrying = false

  constructor(options: SuspectsOptions) {
    this.#options = options
  }

  async run(suspect: SuspectRun): Promise<void> {
    if (this.#isTrying) return this.#putOff(suspect)
    this.#isTrying = true
    try {
      await this.#quiet()
      await suspect.run()
    } finally {
      this.#isTrying = false
    }
  }

  #putOff(suspect: SuspectRun): Promise<void> {
    suspect.isPutOff = true
    const given = suspect.run().finally(() => this.#puttingOff.delete(given))
    this.#puttingOff.add(given)
    return given
  }

  async #quiet(): Promise<void> {
    const { clock, stopping, isQuiet } = this.#options
    // Those of the same claim come first.
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.allSettled(this.#puttingOff)
    for (let waited = 0; waited < quietMs && !isQuiet(); waited += lookMs) {
      if (!(await pause(clock, lookMs, stopping))) return
    }
  }
}
