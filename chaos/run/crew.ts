import { spawn } from 'node:child_process'
import type { ProcessSettings } from '../app/settings.js'
import { isStarted, startChild } from '../process/children.js'
import type { Child } from '../process/children.js'
import type { Journal } from './journal.js'
import type { SinkProcess } from './sink-process.js'

interface Worker {
  readonly name: string
  readonly child: Child
  readonly started: Promise<unknown>
  stopped: boolean
  readonly isOld: boolean
}

export interface CrewMeans {
  readonly program: string
  readonly settings: ProcessSettings
  readonly sink: SinkProcess
  readonly journal: Journal
  readonly limitMs: number
}

const skewMs = 300_000
/** From the page that is asked for to the next ones being stored. */
const readerMs = 60

/** The workers of a run, each in its place; whoever dies comes back under a new name. */
export class Crew {
  readonly #means: CrewMeans
  readonly #places: Worker[] = []
  /** Everybody who ever entered: two may have come for one place. */
  readonly #children: Child[] = []
  readonly #thaws: Promise<void>[] = []
  #turns = 0
  #over = false
  /** Workers that ended by themselves, which none should. */
  readonly failures: string[] = []

  constructor(means: CrewMeans) {
    this.#means = means
  }

  /** The last ones are of the release before, until `deploy`. */
  async start(count: number, old: number): Promise<void> {
    for (let place = 0; place < count + old; place += 1) this.#enter(place, place >= count)
    await Promise.all(this.#places.map(({ started }) => started))
  }

  /** Kills one that holds messages as `sending`; answers how many, and 0 where there is none just now. */
  async kill(pick: number, backAfterMs: number): Promise<number> {
    const victim = await this.#holder(pick)
    const held = victim === undefined ? 0 : await this.#means.sink.signal(victim.name, victim.child.pid, 'SIGKILL')
    if (victim === undefined || held === 0) return 0
    this.#comesBack(victim, backAfterMs)
    return held
  }

  /** Kills one that reads the audience, so that it has the run of the task; undefined where none does just now. */
  async killReader(pick: number, backAfterMs: number): Promise<number | undefined> {
    const ready = this.#places.filter(({ child, stopped }) => child.isAlive && !stopped)
    const pids = Object.fromEntries(ready.map(({ name, child }) => [name, child.pid]))
    const { worker, held } = await this.#means.sink.ambush(pids, Math.floor(pick * readerMs))
    const victim = ready.find(({ name }) => name === worker)
    if (victim === undefined) return undefined
    this.#comesBack(victim, backAfterMs)
    return held
  }

  /** Kills one, whatever it does. */
  killAny(pick: number, backAfterMs: number): void {
    const ready = this.#places.filter(({ child, stopped }) => child.isAlive && !stopped)
    const victim = ready[Math.floor(pick * ready.length)]
    if (victim === undefined) return
    victim.child.kill('SIGKILL')
    this.#comesBack(victim, backAfterMs)
  }

  /** Those of the release before end, and new ones take their places. */
  async deploy(): Promise<void> {
    for (const [place, worker] of this.#places.entries()) {
      if (!worker.isOld) continue
      this.#enter(place, false)
      await worker.child.stop()
    }
  }

  #comesBack(victim: Worker, afterMs: number): void {
    const place = this.#places.indexOf(victim)
    setTimeout(() => {
      if (!this.#over) this.#enter(place, victim.isOld)
    }, afterMs)
  }

  /** Stops one that holds messages for longer than its leases last, and lets it go on then. */
  async freeze(pick: number): Promise<boolean> {
    const victim = await this.#holder(pick)
    if (victim === undefined) return false
    if ((await this.#means.sink.signal(victim.name, victim.child.pid, 'SIGSTOP')) === 0) return false
    const forMs = Math.ceil(this.#means.settings.leaseMs * 1.75)
    victim.stopped = true
    // By a process of its own: whatever becomes of this one, nobody stays stopped.
    const thaw = ['-c', 'sleep "$2"; kill -CONT "$1"', 'thaw', String(victim.child.pid), String(forMs / 1_000)]
    const thawed = new Promise<void>((resolve) => {
      spawn('/bin/sh', thaw, { stdio: 'ignore' }).once('exit', () => {
        victim.stopped = false
        resolve()
      })
    })
    this.#thaws.push(thawed)
    return true
  }

  async stop(): Promise<void> {
    this.#over = true
    await Promise.all(this.#thaws)
    await Promise.all(this.#children.map((child) => child.stop()))
  }

  /** One clock is five minutes off, to either side. */
  #enter(place: number, isOld: boolean): void {
    this.#turns += 1
    const name = `w${place}.${this.#turns}`
    const off = place === 0 ? (this.#turns % 2 === 0 ? -skewMs : skewMs) : 0
    const { program, settings, journal, limitMs } = this.#means
    const child = startChild(program, { ...settings, worker: name, skewMs: off, isOld }, limitMs)
    this.#children.push(child)
    journal.hear(child)
    const started = child.next(isStarted)
    started.catch(() => {})
    void this.#watch(name, child, isOld)
    this.#places[place] = { name, child, started, stopped: false, isOld }
  }

  async #watch(name: string, child: Child, isOld: boolean): Promise<void> {
    const how = await child.ended
    const isRetired = isOld && how === 0
    if (how !== 'SIGKILL' && !isRetired && !this.#over) this.failures.push(`${name} ended with ${how}`)
  }

  async #holder(pick: number): Promise<Worker | undefined> {
    const { open } = await this.#means.sink.report()
    const holders = this.#places.filter(
      ({ name, child, stopped }) => child.isAlive && !stopped && (open[name] ?? 0) > 0,
    )
    return holders[Math.floor(pick * holders.length)]
  }
}
