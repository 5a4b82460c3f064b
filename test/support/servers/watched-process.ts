import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import type { Writable } from 'node:stream'
import { childEnvironment } from './binaries.js'

/**
 * Ends the server and removes its folder as soon as its own standard input ends, which it does however this process
 * dies. Each line that it reads is the pid from then on, `-` for none.
 */
const watchdog = `
pid=-
while read -r line; do pid=$line; done
if [ "$pid" != - ]; then
  kill -"$1" "$pid" 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$2"
`

export interface WatchedOptions {
  readonly command: string
  readonly args: (port: number) => readonly string[]
  /** A temporary folder of its own, removed in the end. */
  readonly folder: string
  /** What it prints once it takes connections. */
  readonly ready: RegExp
  /** How it is asked to end quickly and cleanly. */
  readonly stopSignal: NodeJS.Signals
  readonly user?: { readonly uid: number; readonly gid: number }
}

const readyWithinMs = 60_000
const stopWithinMs = 15_000

/** A server process on a port, that ends with this process at the latest. */
export class WatchedProcess {
  readonly #options: WatchedOptions
  readonly #guard: ChildProcess & { stdin: Writable }
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  constructor(options: WatchedOptions) {
    this.#options = options
    const args = ['-c', watchdog, 'watchdog', options.stopSignal.replace('SIG', ''), options.folder]
    const guard = spawn('/bin/sh', args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: childEnvironment,
    })
    guard.unref()
    // A guard that was killed leaves only its own duty undone.
    guard.stdin.on('error', () => {})
    this.#guard = guard
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves once it takes connections; rejects with what it printed last where it ends before. */
  async start(port: number): Promise<void> {
    const { command, args, user, ready, folder } = this.#options
    const options: SpawnOptions = { cwd: folder, env: childEnvironment, detached: true, ...user }
    const child = spawn(command, args(port), { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#exited = new Promise((resolve) => child.once('close', () => resolve()))
    if (child.pid !== undefined) this.#guard.stdin.write(`${child.pid}\n`)
    await isReady(child, ready, command)
    // It goes on printing to nobody; neither it nor its output keeps this process alive.
    for (const stream of [child.stdout, child.stderr]) {
      stream?.resume()
      unref(stream)
    }
    child.unref()
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.ref()
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    child.kill(signal)
    await this.#exited
    clearTimeout(late)
    this.#guard.stdin.write('-\n')
  }

  async stop(): Promise<void> {
    await this.end(this.#options.stopSignal)
    if (this.#guard.exitCode !== null) return
    const ended = new Promise((resolve) => this.#guard.once('close', resolve))
    this.#guard.ref()
    this.#guard.stdin.end()
    await ended
  }
}

function unref(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
}

function isReady(child: ChildProcess, ready: RegExp, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const failed = (why: string): void => {
      clearTimeout(late)
      reject(new Error(`${command} ${why}: ${printed.slice(-2_000)}`))
    }
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      failed('was not ready in time')
    }, readyWithinMs)
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-20_000)
      if (!ready.test(printed)) return
      clearTimeout(late)
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', read)
      resolve()
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', read)
    child.once('error', (error) => failed(error.message))
    child.once('close', () => failed('ended before it was ready'))
  })
}
