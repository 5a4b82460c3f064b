import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

const alive = new Set<ChildProcess>()

// However this process ends: a child that was stopped would not notice.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** For `next`: what each program says once it is ready. */
export function isStarted(message: unknown): true | undefined {
  return (message as { readonly kind?: string }).kind === 'started' ? true : undefined
}

export interface Child {
  readonly pid: number
  send(message: object): void
  /** The next message for which this answers something. */
  next<Answer>(pick: (message: unknown) => Answer | undefined): Promise<Answer>
  onMessage(listener: (message: unknown) => void): void
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly isAlive: boolean
  kill(signal: NodeJS.Signals): void
  /** Asks it to end, and kills it where it does not within this time. */
  stop(withinMs?: number): Promise<void>
}

/** Runs a file in a process of its own, that ends with this one. */
export function startChild(file: string, settings: object, limitMs: number): Child {
  const forked = fork(file, [JSON.stringify(settings)], {
    execArgv: [],
    env: { ...process.env, CHAOS_LIMIT_MS: String(limitMs) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  alive.add(forked)
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    forked.once('exit', (code, signal) => {
      alive.delete(forked)
      resolve(signal ?? code ?? 0)
    })
  })
  forked.on('error', () => {})
  return childOf(forked, ended)
}

function childOf(forked: ChildProcess, ended: Child['ended']): Child {
  const { pid } = forked
  if (pid === undefined) throw new Error('a child process could not be started')
  return {
    pid,
    ended,
    get isAlive() {
      return forked.exitCode === null && forked.signalCode === null
    },
    send(message) {
      if (forked.connected) forked.send(message, () => {})
    },
    onMessage: (listener) => void forked.on('message', listener),
    async next(pick) {
      return new Promise((resolve, reject) => {
        const listener = (message: unknown): void => {
          const answer = pick(message)
          if (answer === undefined) return
          forked.off('message', listener)
          resolve(answer)
        }
        forked.on('message', listener)
        void ended.then((how) => reject(new Error(`a child process ended with ${how} before it answered`)))
      })
    },
    kill: (signal) => void forked.kill(signal),
    async stop(withinMs = 10_000) {
      const late = setTimeout(() => forked.kill('SIGKILL'), withinMs)
      if (forked.exitCode === null && forked.signalCode === null) forked.kill('SIGTERM')
      await ended
      clearTimeout(late)
    },
  }
}
