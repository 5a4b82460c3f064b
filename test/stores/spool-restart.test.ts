// A server that is killed and started again while messages are handed in: what it could not take was spooled.
import { createReach, sent } from '@reachkit/core'
import type { Accepted } from '@reachkit/core'
import type { Store } from '@reachkit/core/spec'
import { redis } from '@reachkit/store-redis'
import { mysql, postgres } from '@reachkit/store-sql'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, lamp, note, recordingLogger } from '../support/lamp.js'
import { startOwnMariadb, startOwnPostgres, startOwnRedis } from '../support/servers/index.js'
import type { TestServer } from '../support/servers/index.js'

type Kind = readonly [name: string, start: () => Promise<TestServer>, open: (url: string) => Store]

const kinds: readonly Kind[] = [
  ['PostgreSQL', startOwnPostgres, postgres],
  ['MariaDB', startOwnMariadb, (url) => mysql(`${url}mysql`)],
  ['Redis', async () => startOwnRedis(), redis],
]
const callers = 3
const most = 3_000

test.concurrent.each(kinds)(
  '%s is killed and comes back: every message is sent once, under the id that its caller was told, accepted in order',
  async (_, start, storeOf) => {
    const server = await start()
    const dir = mkdtempSync(join(tmpdir(), 'reachkit-spool-'))
    const got: string[] = []
    const reach = createReach({
      messages: [note],
      channels: {
        lamp: lamp(({ id, content }) => {
          got.push(`${content.text} ${id}`)
          return sent()
        }),
      },
      store: storeOf(server.url),
      spool: { dir },
      logger: recordingLogger(),
    })
    const calls: { readonly text: string; readonly accepted: Accepted }[][] = []
    const run = { isOver: false }
    async function caller(number: number): Promise<void> {
      const own: { text: string; accepted: Accepted }[] = []
      calls.push(own)
      for (let count = 0; !run.isOver && count < most; count += 1) {
        const text = `${number}/${count}`
        own.push({ text, accepted: await reach.notify('note', { lamp: 'ann' }, { text }) })
      }
    }
    const spooled = (): number => calls.flat().filter(({ accepted }) => accepted.state === 'spooled').length
    try {
      await reach.start()
      const calling = Promise.all(Array.from({ length: callers }, async (__, number) => caller(number)))
      await eventually(() => expect(calls.flat().length).toBeGreaterThan(50))
      const before = calls.flat().length
      await server.restart?.('SIGKILL')
      await eventually(() => expect(calls.flat().length).toBeGreaterThan(before + 50))
      run.isOver = true
      await calling
      expect(spooled(), 'some were handed in while it was away').toBeGreaterThan(0)
      const all = calls.flat()
      await eventually(async () => {
        const views = await Promise.all(all.map(async ({ accepted }) => reach.get(accepted.id)))
        const open = views.filter((view) => view?.state !== 'done' && view?.state !== 'held')
        expect(open.map((view) => view && [view.state, view.reason, view.step])).toEqual([])
      }, 90_000)
      await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0))
      expect(got.toSorted()).toEqual(all.map(({ text, accepted }) => `${text} ${accepted.id}`).toSorted())
      for (const own of calls) {
        const waited = own.filter(({ accepted }) => accepted.state === 'spooled')
        const views = await Promise.all(waited.map(async ({ accepted }) => reach.get(accepted.id)))
        const times = views.map((view) => view?.acceptedAt.getTime() ?? 0)
        expect(times).toEqual(times.toSorted((one, other) => one - other))
      }
      await eventually(() => expect(readdirSync(dir).filter((name) => name.endsWith('.spool'))).toEqual([]))
    } finally {
      run.isOver = true
      await reach.stop({ timeout: '10s' })
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    }
  },
  180_000,
)
