import { setTimeout as wait } from 'node:timers/promises'
import type { PlannerAnswer, PlannerAsk } from '../app/planner.js'
import type { ProcessSettings } from '../app/settings.js'
import { isStarted, startChild } from '../process/children.js'
import type { Child } from '../process/children.js'
import type { Journal } from './journal.js'
import type { Supply } from './supply.js'

export interface CampaignMeans {
  readonly program: string
  readonly settings: ProcessSettings
  readonly journal: Journal
  readonly limitMs: number
}

/** What of a task's report is looked at. */
export interface CampaignReport {
  readonly state: string
  readonly read: number
  readonly messages: Readonly<Record<string, number>>
  readonly runs: readonly unknown[]
}

/** So many pages at least, so that it takes a while until all are read. */
const pages = 250
const mostOnAPage = 400

/** One task for the whole audience, created by two processes at once, one of which may die. */
export class Campaign implements Supply {
  readonly number = 'campaign'
  readonly #means: CampaignMeans
  readonly #count: number
  readonly #pageSize: number
  #planner: Promise<Child> | undefined
  #n = 0
  #created = 0
  #isThere = false
  #over = false
  ids: readonly (string | undefined)[]
  repeated = 0
  readonly changedIds = 0
  readonly failures: string[] = []

  constructor(means: CampaignMeans, count: number) {
    this.#means = means
    this.#count = count
    this.#pageSize = Math.min(mostOnAPage, Math.ceil(count / pages))
    this.ids = Array.from({ length: count }, () => undefined)
  }

  get isDone(): boolean {
    return this.#isThere
  }

  /** Recipients that come again on a later page. */
  get comeTwice(): number {
    return Math.ceil(this.#count / this.#pageSize) - 1
  }

  async start(): Promise<void> {
    this.#planner = this.#enter('planner')
    const [planner, rival] = await Promise.all([this.#planner, this.#enter('rival')])
    const answers = await Promise.all([planner, rival].map((child) => this.#askOf(child, 'create')))
    this.#note(answers)
    await rival.stop()
    if (this.#created !== 1) this.failures.push(`of two at once ${this.#created} were told that they created the task`)
    this.#isThere = true
  }

  feed(): void {}

  /** The next one creates the task again, and has to be told that it is there. */
  kill(backAfterMs: number): void {
    const before = this.#planner
    this.#planner = before?.then(async (child) => {
      child.kill('SIGKILL')
      await wait(backAfterMs)
      const heir = await this.#enter('planner')
      this.repeated += 1
      this.#note([await this.#askOf(heir, 'create')])
      return heir
    })
  }

  async pause(): Promise<void> {
    await this.#ask('pause')
  }

  async resume(): Promise<void> {
    await this.#ask('resume')
  }

  async report(): Promise<CampaignReport> {
    return JSON.parse(await this.#ask('report')) as CampaignReport
  }

  async stop(): Promise<void> {
    this.#over = true
    await (await this.#planner)?.stop()
  }

  async #enter(worker: string): Promise<Child> {
    const { program, settings, journal, limitMs } = this.#means
    const child = startChild(program, { ...settings, worker }, limitMs)
    journal.hear(child)
    void this.#watch(child)
    await child.next(isStarted)
    return child
  }

  async #watch(child: Child): Promise<void> {
    const how = await child.ended
    if (how !== 'SIGKILL' && how !== 0 && !this.#over) this.failures.push(`a planner ended with ${how}`)
  }

  #note(answers: readonly string[]): void {
    this.#created += answers.filter((answer) => answer === 'done').length
  }

  async #ask(kind: PlannerAsk['kind']): Promise<string> {
    const planner = await this.#planner
    if (planner === undefined) throw new Error('nobody plans')
    return this.#askOf(planner, kind)
  }

  async #askOf(child: Child, kind: PlannerAsk['kind']): Promise<string> {
    this.#n += 1
    const n = this.#n
    const answer = child.next((message) =>
      (message as PlannerAnswer).n === n ? (message as PlannerAnswer) : undefined,
    )
    const { number } = this
    child.send({ kind, n, number, count: this.#count, pageSize: this.#pageSize } satisfies PlannerAsk)
    return (await answer).text
  }
}
