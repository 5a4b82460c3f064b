import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a parent asks: a verb and its argument. */
export interface Question {
  readonly id: number
  readonly verb: string
  readonly argument: unknown
}

/** What a child says: the answer to a question, or an event of its own where `id` is 0. */
export interface Said {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** A program of this folder in a process of its own, that ends with this one. */
export class Child {
  readonly #process: ChildProcess
  readonly #calls = new Map<number, Call>()
  #lastId = 0
  /** Told what the child says of itself. */
  onEvent: ((value: unknown) => void) | undefined

  /**
   * @param program below `bench/`, with the settings that it reads by `given()`; or a whole path of JavaScript, which needs
   * no loader of TypeScript and none of the memory that this takes
   */
  constructor(program: string, settings: object = {}) {
    const isReady = isAbsolute(program)
    const script = isReady ? program : fileURLToPath(new URL(`../${program}`, import.meta.url))
    const inspect =
      process.env['BENCH_CPU_PROF'] === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', process.env['BENCH_CPU_PROF']]
    // On a large machine V8 lets garbage lie until there are gigabytes of it: what is needed shows in a small heap.
    const loader = isReady ? ['--max-old-space-size=128'] : ['--import', 'tsx']
    const args = [...inspect, ...loader, script, JSON.stringify(settings)]
    this.#process = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    })
    this.#process.on('message', (said: Said) => this.#take(said))
    this.#process.on('exit', (code, signal) => this.#ended(`${program} ended with ${signal ?? code}`))
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** @throws Error with the child's own text, or that it ended */
  ask<Answer = void>(verb: string, argument?: unknown): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise<Answer>((resolve, reject) => {
      this.#calls.set(id, { resolve, reject })
      this.#process.send({ id, verb, argument } satisfies Question, (error) => error !== null && reject(error))
    })
  }

  /** Ends it by a signal, and resolves once it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill(signal)
    await gone
  }

  /** Lets it close what it opened, and ends it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 10_000)
    this.#process.disconnect()
    await gone
    clearTimeout(late)
  }

  #take({ id, value, error }: Said): void {
    if (id === 0) return this.onEvent?.(value)
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (error === undefined) call?.resolve(value as never)
    else call?.reject(new Error(error))
  }

  #ended(text: string): void {
    for (const { reject } of this.#calls.values()) reject(new Error(text))
    this.#calls.clear()
  }
}
