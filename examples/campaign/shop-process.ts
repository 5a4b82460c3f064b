import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TaskReport } from '@reachkit/core'
import type { Orders } from './campaign-process.js'

const program = fileURLToPath(new URL('campaign-process.ts', import.meta.url))

/** A process of the shop, as its parent sees it. */
export class ShopProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  constructor(orders: Orders) {
    this.#child = fork(program, [JSON.stringify(orders)], { execArgv: ['--import', 'tsx'] })
    this.#ended = once(this.#child, 'exit')
  }

  /** Resolves once it is done. */
  async tell(verb: 'pause' | 'resume'): Promise<void> {
    this.#child.send(verb)
    await once(this.#child, 'message')
  }

  /** Nothing is stopped, flushed or closed. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, 'SIGKILL')
    await this.#ended
  }

  /** What came of the campaign; undefined where the process ended without telling. */
  async report(): Promise<TaskReport | undefined> {
    const told = once(this.#child, 'message').then(([report]) => report as TaskReport)
    const report = await Promise.race([told, this.#ended.then(() => undefined)])
    await this.#ended
    return report
  }
}
