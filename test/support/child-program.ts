import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A program of `test/stores/programs` in a process of its own, which is told what to do by messages. */
export interface ChildProgram {
  readonly pid: number
  /** Sends a message, and answers what comes back: one answer a message, in order. */
  ask<Answer>(message: unknown): Promise<Answer>
  kill(): Promise<void>
  readonly ended: Promise<unknown>
}

export async function startProgram(name: string, settings: unknown): Promise<ChildProgram> {
  const path = fileURLToPath(new URL(`../stores/programs/${name}.ts`, import.meta.url))
  const child = fork(path, [JSON.stringify(settings)], {
    cwd: root,
    execArgv: ['--import', 'tsx'],
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
