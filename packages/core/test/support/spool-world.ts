import { createReach, message, sent } from '@reachkit/core'
import type { Clock, SpoolOptions } from '@reachkit/core'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { afterEveryTest } from '../../../../test/support/every-test.js'
import { systemClock } from '../../src/clock/system-clock.js'
import { systemRandom } from '../../src/random/system-random.js'
import { AwayStore } from './away-store.js'
import { signal } from './signals.js'
import { recordingLogger } from './world.js'
import type { LogLine } from './world.js'

export const note = message('note', { data: z.object({ text: z.string() }), content: { lamp: { text: '{{ text }}' } } })
export const closings: (() => Promise<unknown>)[] = []
afterEveryTest(async () => {
  for (const close of closings.splice(0).toReversed()) await close()
})

export async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'spool-'))
  closings.push(async () => rm(dir, { recursive: true }))
  return dir
}

/** The clock of this machine, which can be set forward. */
export function shiftedClock(): Clock & { shiftMs: number } {
  const clock = {
    ...systemClock,
    shiftMs: 0,
    now: () => systemClock.now() + clock.shiftMs,
    monotonic: () => systemClock.monotonic() + clock.shiftMs,
  }
  return clock
}

interface Options extends SpoolOptions {
  readonly away?: AwayStore
  readonly clock?: Clock
  readonly concurrency?: number
}

export async function setUp({ away: given, clock = systemClock, concurrency, ...options }: Options = {}) {
  const lines: LogLine[] = []
  const logger = recordingLogger(lines)
  const away = given ?? (await AwayStore.open({ clock, random: systemRandom, logger }))
  const texts: string[] = []
  const lamp = signal('lamp', ({ content }) => {
    texts.push(content.text)
    return sent()
  })
  const dir = options.dir ?? (await directory())
  const spool = { fsync: 'never', ...options, dir } as const
  const reach = createReach({
    messages: [note],
    channels: { lamp: lamp.channel },
    store: away.store,
    spool,
    logger,
    clock,
    concurrency,
  })
  closings.push(() => reach.stop({ timeout: '0s' }))
  const send = (text: string, notifyOptions?: { idempotencyKey?: string; ttl?: '1h' }) =>
    reach.notify('note', { lamp: 'ann' }, { text }, notifyOptions)
  return { reach, away, texts, dir, lines, send }
}

export async function eventually(check: () => unknown, mostMs = 8_000): Promise<void> {
  const until = performance.now() + mostMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

interface Writer {
  readonly pid: number
  /** The ids that it was given, by the text of the message. */
  readonly taken: Map<string, string>
  readonly lines: string[]
  readonly kill: () => Promise<void>
  readonly ended: Promise<void>
}

const root = fileURLToPath(new URL('../../../..', import.meta.url))

export function startWriter(dir: string, fsync: string, name: string, limit = ''): Writer {
  const file = fileURLToPath(new URL('../scripts/spool-writer.ts', import.meta.url))
  const command = `${limit} exec "$0" --import tsx "$@"`
  const child = spawn('bash', ['-c', command, process.execPath, file, dir, fsync, name], { cwd: root })
  const taken = new Map<string, string>()
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const whole = (rest + chunk.toString()).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      lines.push(line)
      const [state, id = '', text = ''] = line.split(' ')
      if (state === 'spooled') taken.set(text, id)
    }
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  closings.push(kill)
  return { pid: child.pid ?? 0, taken, lines, kill, ended }
}
