import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { bundle } from './bundle.js'
import type { Bundle } from './bundle.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A program of `test/stores/programs` in a process of its own, which is told what to do by messages. */
export interface ChildProgram {
  readonly pid: number
  /** Sends a message, and answers what comes back: one answer a message, in order. */
  ask<Answer>(message: unknown): Promise<Answer>
  kill(): Promise<void>
  readonly ended: Promise<unknown>
}

const names = ['hammer', 'notifier', 'waker', 'worker'] as const
let bundled: Promise<Bundle> | undefined

/** Of this file of tests, when it is over. */
afterAll(async () => {
  await (await bundled)?.remove()
  bundled = undefined
})

export async function startProgram(name: (typeof names)[number], settings: unknown): Promise<ChildProgram> {
  bundled ??= bundle(names.map((each) => `test/stores/programs/${each}.ts`))
  const child = fork((await bundled).path(name), [JSON.stringify(settings)], {
    cwd: root,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  await answerOf(child)
  return {
    pid: child.pid ?? 0,
    ended,
    async ask<Answer>(message: unknown) {
      const answer = answerOf<Answer>(child)
      child.send(message as object)
      return answer
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The next message; rejects where it ends before. */
function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const left = (): void => reject(new Error('the program ended before it answered'))
    child.once('exit', left)
    child.once('message', (answer) => {
      child.off('exit', left)
      resolve(answer as Answer)
    })
  })
}
