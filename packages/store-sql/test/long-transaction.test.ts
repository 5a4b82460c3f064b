// A transaction of the app's that holds the write lock of a SQLite file for long: the event loop goes on, nothing is lost.
import { createReach, sent } from '@reachkit/core'
import Connection from 'libsql'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually, lamp, note } from '../../../test/support/lamp.js'
import { sqlite } from '../src/index.js'
import { sqliteFile } from './databases.js'

test('while it is open others wait and the event loop does not; a commit is sent, a rollback is not', async () => {
  const file = await sqliteFile()
  const texts: string[] = []
  const reach = createReach({
    messages: [note],
    channels: {
      lamp: lamp(({ content }) => {
        texts.push(content.text)
        return sent()
      }),
    },
    store: sqlite(file.url),
  })
  const app = new Connection(file.url, { timeout: 10_000 })
  try {
    await reach.start()
    app.exec('begin immediate')
    await reach.in(app).notify('note', { lamp: 'ann' }, { text: 'undone' })
    app.exec('rollback')
    app.exec('begin immediate')
    const long = await reach.in(app).notify('note', { lamp: 'ann' }, { text: 'long' })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const beside = reach.notify('note', { lamp: 'ann' }, { text: 'beside' })
    await wait(2_000)
    expect(texts, 'nobody else can write').toEqual([])
    app.exec('commit')
    delay.disable()
    expect(await long.settled()).toMatchObject({ outcome: 'sent' })
    expect(await (await beside).settled()).toMatchObject({ outcome: 'sent' })
    // Other work on the machine may take the processor for once; the lock was held for two seconds.
    expect(delay.percentile(98) / 1e6, 'milliseconds').toBeLessThan(50)
    await eventually(async () => expect((await reach.stats()).outbox).toMatchObject({ waiting: 0 }))
    expect(texts.toSorted()).toEqual(['beside', 'long'])
  } finally {
    app.close()
    await reach.stop({ timeout: '5s' })
    await file.drop()
  }
}, 60_000)
