// What a spool refuses: more than its bytes, a disk that is full, wrong options.
import { createReach } from '@reachkit/core'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { directory, eventually, note, setUp, startWriter } from './support/spool-world.js'

test('a spool that is full refuses with a code, takes nothing of that call, and goes on once it is drained', async () => {
  const { away, send, reach, texts } = await setUp({ maxBytes: 2_000 })
  await reach.start()
  away.isAway = true
  let count = 0
  const error = await errorOf(async () => {
    for (; ; count += 1) await send(`${count}`)
  })
  expect(error.code).toBe('REACH_SPOOL_FULL')
  expect(count).toBeGreaterThan(2)
  expect(await errorOf(() => send('more'))).toMatchObject({ code: 'REACH_SPOOL_FULL' })
  away.isAway = false
  await eventually(() => expect(texts.length).toBe(count))
  // Its file is removed a moment later.
  await eventually(async () => expect((await reach.stats()).spooled?.bytes).toBe(0))
  expect(await send('again')).toMatchObject({ state: 'accepted' })
})

test('no log line holds a body or an address, whatever goes wrong', async () => {
  const { away, reach, send, lines, dir } = await setUp({ maxBytes: 900 })
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 5; count += 1) await send('the-body').catch(() => {})
  await appendFile(join(dir, 'torn.dead.spool'), 'RKS1 the-body to ann@example.com')
  away.isAway = false
  await eventually(async () => expect((await reach.stats()).spooled?.messages).toBe(0))
  expect(lines.length).toBeGreaterThan(0)
  expect(JSON.stringify(lines)).not.toMatch(/the-body|ann/)
})

test('wrong options, and a directory that cannot be, are coded errors', async () => {
  const options = { messages: [note], channels: { lamp: signal('lamp').channel } }
  for (const spool of [{ dir: 7 }, { fsync: 'sometimes' }, { maxBytes: 0 }, { colour: 'red' }, 'yes']) {
    const error = await errorOf(() => createReach({ ...options, spool: spool as never }))
    expect(error.code).toBe('REACH_OPTION_INVALID')
  }
  const dir = await directory()
  await writeFile(join(dir, 'file'), '')
  const reach = createReach({ ...options, spool: { dir: join(dir, 'file') } })
  expect(await errorOf(() => reach.start())).toMatchObject({ code: 'REACH_SPOOL_UNAVAILABLE' })
  const long = createReach({ ...options, spool: { dir: join(dir, 'd'.repeat(120)) } })
  expect(await errorOf(() => long.start())).toMatchObject({ code: 'REACH_OPTION_INVALID' })
})

test('a disk that is full: a coded error, and nothing half-written is sent', async () => {
  const dir = await directory()
  // The system cuts the file off in the middle of a record.
  const writer = startWriter(dir, 'always', 'full', 'ulimit -f 40;')
  await writer.ended
  expect(writer.lines.filter((line) => line.startsWith('refused'))).toEqual(
    Array.from({ length: 8 }, () => 'refused REACH_SPOOL_FULL'),
  )
  expect(writer.taken.size).toBeGreaterThan(20)
  const { reach, texts } = await setUp({ dir })
  await reach.start()
  await eventually(() => expect(texts.length).toBe(writer.taken.size))
  expect(texts.map((text) => text.split(' ')[0] ?? '').toSorted()).toEqual([...writer.taken.keys()].toSorted())
}, 30_000)
