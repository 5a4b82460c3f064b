import { startChild } from '../process/children.js'
import type { Child } from '../process/children.js'
import type { SinkAmbush, SinkMet, SinkReport, SinkSettings, SinkSprung, SinkTell, SinkTold } from '../sink/messages.js'

type Told = { readonly kind: string }

function of<Message extends Told>(kind: Message['kind']): (message: unknown) => Message | undefined {
  return (message) => ((message as Told).kind === kind ? (message as Message) : undefined)
}

/** The sink, asked from outside. */
export class SinkProcess {
  readonly #child: Child
  readonly port: number

  private constructor(child: Child, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(program: string, settings: SinkSettings, limitMs: number): Promise<SinkProcess> {
    const child = startChild(program, settings, limitMs)
    const { port } = await child.next(of<{ kind: 'listening'; port: number }>('listening'))
    return new SinkProcess(child, port)
  }

  async report(): Promise<SinkReport> {
    const answer = this.#child.next(of<SinkReport>('report'))
    this.#child.send({ kind: 'report' })
    return answer
  }

  /** How much each recipient got. */
  async all(): Promise<readonly number[]> {
    const answer = this.#child.next(of<{ kind: 'all'; got: readonly number[] }>('all'))
    this.#child.send({ kind: 'all' })
    return (await answer).got
  }

  /** What came for each of these recipients. */
  async requests(recipients: readonly number[]): Promise<SinkTold['requests']> {
    const answer = this.#child.next(of<SinkTold>('told'))
    this.#child.send({ kind: 'tell', recipients } satisfies SinkTell)
    return (await answer).requests
  }

  /** Sends a signal to a worker if it holds messages as `sending`, and answers how many. */
  async signal(worker: string, pid: number, signal: NodeJS.Signals): Promise<number> {
    const answer = this.#child.next((message) => {
      const met = of<SinkMet>('met')(message)
      return met?.worker === worker ? met : undefined
    })
    this.#child.send({ kind: 'kill', worker, pid, signal })
    return (await answer).held
  }

  /** Kills the first of these workers that reads a page of the audience, so long after it has begun. */
  async ambush(pids: SinkAmbush['pids'], afterMs: number): Promise<SinkSprung> {
    const answer = this.#child.next(of<SinkSprung>('sprung'))
    this.#child.send({ kind: 'ambush', pids, afterMs, withinMs: 1_000 } satisfies SinkAmbush)
    return answer
  }

  async stop(): Promise<void> {
    await this.#child.stop()
  }
}
