import type { LookAnswer, LookMessage } from '../app/reader.js'
import type { ProcessSettings } from '../app/settings.js'
import { startChild } from '../process/children.js'
import type { Child } from '../process/children.js'

const pageSize = 500
const open = new Set(['waiting', 'sending'])

/** Looks messages up in the ledger, by a process of its own. */
export class Lookup {
  readonly #reader: Child
  #n = 0

  private constructor(reader: Child) {
    this.#reader = reader
  }

  static async start(program: string, settings: ProcessSettings, limitMs: number): Promise<Lookup> {
    const reader = startChild(program, { ...settings, worker: 'reader' }, limitMs)
    await reader.next((message) => message)
    return new Lookup(reader)
  }

  /** One an id: the state, of a done message its outcome, or `absent`. */
  async states(ids: readonly string[]): Promise<readonly string[]> {
    const states: string[] = []
    for (let start = 0; start < ids.length; start += pageSize)
      states.push(...(await this.#ask('look', ids.slice(start, start + pageSize))))
    return states
  }

  /** Those of the first few that still wait or are being sent, and all after them. */
  async stillOpen(ids: readonly string[]): Promise<readonly string[]> {
    const first = ids.slice(0, 4 * pageSize)
    const states = await this.states(first)
    return [...first.filter((_, index) => open.has(states[index] ?? '')), ...ids.slice(first.length)]
  }

  async task(number: string): Promise<{ readonly state: string; readonly openRuns: number }> {
    const [state = '', runs] = await this.#ask('task', [number])
    return { state, openRuns: Number(runs) }
  }

  /** Recipient, id and status of each message of a task. */
  async people(number: string): Promise<readonly (readonly [string, string, string])[]> {
    return (await this.#ask('people', [number])).map((text) => JSON.parse(text) as [string, string, string])
  }

  /** All that the store knows of each, as text. */
  async explain(ids: readonly string[]): Promise<readonly string[]> {
    return this.#ask('explain', ids)
  }

  async stop(): Promise<void> {
    await this.#reader.stop()
  }

  async #ask(kind: LookMessage['kind'], ids: readonly string[]): Promise<readonly string[]> {
    this.#n += 1
    const n = this.#n
    const answer = this.#reader.next((message) =>
      (message as LookAnswer).n === n ? (message as LookAnswer) : undefined,
    )
    this.#reader.send({ kind, n, ids } satisfies LookMessage)
    return (await answer).texts
  }
}
