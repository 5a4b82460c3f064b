import { startChild } from '../process/children.js'
import type { Child } from '../process/children.js'
import type { Case, Failed, Found } from './messages.js'

const limitMs = 120_000

/** The files that the two run. */
export interface Programs {
  readonly victim: string
  readonly survivor: string
}

/** What became of one case. */
export interface Played {
  /** How the victim ended: SIGKILL where it reached its point, 0 where it came to the end. */
  readonly victim: number | NodeJS.Signals
  /** The same of the one that took over from it and died too, where there is one. */
  readonly heir: number | NodeJS.Signals | undefined
  readonly found: Found
}

/** Plays cases: a victim each, and one survivor that takes over from all of them. */
export class MatrixPlayer {
  readonly #survivor: Child
  readonly #programs: Programs
  #n = 0

  private constructor(survivor: Child, programs: Programs) {
    this.#survivor = survivor
    this.#programs = programs
  }

  static async start(programs: Programs): Promise<MatrixPlayer> {
    const survivor = startChild(programs.survivor, {}, 10 * limitMs)
    await survivor.next((message) => message)
    return new MatrixPlayer(survivor, programs)
  }

  async play(given: Case): Promise<Played> {
    const { ended, ids } = await this.#die(given)
    const { heir } = given.scenario
    const heirEnded = heir && (await this.#die({ ...given, scenario: { ...given.scenario, ...heir } })).ended
    return { victim: ended, heir: heirEnded, found: await this.#takeOver(given, ids) }
  }

  async #die(given: Case): Promise<{ readonly ended: Played['victim']; readonly ids: readonly string[] }> {
    const victim = startChild(this.#programs.victim, given, limitMs)
    let ids: readonly string[] = []
    victim.onMessage((message) => ({ ids } = message as { readonly ids: readonly string[] }))
    return { ended: await victim.ended, ids }
  }

  async stop(): Promise<void> {
    await this.#survivor.stop()
  }

  async #takeOver(given: Case, ids: readonly string[]): Promise<Found> {
    this.#n += 1
    const n = this.#n
    const answer = this.#survivor.next((message) => {
      const told = message as (Found | Failed) & { readonly n: number }
      return told.n === n ? told : undefined
    })
    this.#survivor.send({ n, ids, ...given })
    const told = await answer
    if (told.kind === 'failed') throw new Error(told.text)
    return told
  }
}
