// Files of a spool that were torn, are old, or were written by another version.
import { readFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeRecord } from '../src/spool/record.js'
import { directory, eventually, setUp, shiftedClock } from './support/spool-world.js'

test('a torn tail is survived: whole records are sent, the rest is dropped and told', async () => {
  const { away, send, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 20; count += 1) await send(`${count}`)
  await reach.stop()
  away.isAway = false
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const { length } = await readFile(join(dir, name))
  await truncate(join(dir, name), length - 7)
  const next = await setUp({ away, dir })
  await next.reach.start()
  await eventually(() => expect(next.texts.length).toBe(19))
  await eventually(async () => expect((await readdir(dir)).filter((each) => each.endsWith('.spool'))).toEqual([]))
  expect(next.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { bytes: expect.any(Number) } }))
})

test('every length to which a file can be cut gives its whole records, and bytes turned over lose only their record', async () => {
  const { away, send, reach, dir } = await setUp()
  await reach.start()
  away.isAway = true
  for (let count = 0; count < 4; count += 1) await send(`${count}`)
  await reach.stop()
  away.isAway = false
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const whole = await readFile(join(dir, name))
  const { SpoolFile } = await import('../src/spool/spool-file.js')
  const recordsOf = async (bytes: Buffer): Promise<number> => {
    const path = join(dir, 'cut.file')
    await writeFile(path, bytes)
    const file = await SpoolFile.adopt(path, 'cut')
    let records = 0
    for (;;) {
      const page = await file.read(2)
      records += page.records.length
      await file.mark(page.next)
      if (page.records.length === 0) break
    }
    expect(file.isDrained).toBe(true)
    await file.remove()
    return records
  }
  const ends: number[] = []
  for (let end = 16; end < whole.length; ) {
    end += 14 + whole.readUInt32LE(end + 4)
    ends.push(end)
  }
  expect(ends.length).toBe(4)
  for (let length = 0; length <= whole.length; length += 3) {
    expect(await recordsOf(whole.subarray(0, length))).toBe(ends.filter((end) => end <= length).length)
  }
  for (const at of [20, 25, 29, 40]) {
    const turned = Buffer.from(whole)
    turned[at] = (turned[at] ?? 0) ^ 0xff
    expect(await recordsOf(turned)).toBe(3)
  }
})

test('what waited for longer than a key is known is parked, not sent; the rest is sent', async () => {
  const clock = shiftedClock()
  const { away, send, reach, texts } = await setUp({ clock, maxAge: '1h' })
  await reach.start()
  away.isAway = true
  const old = await send('old', { idempotencyKey: 'A1' })
  clock.shiftMs += 2 * 3_600_000
  const fresh = await send('fresh')
  const settled = [old.settled(), fresh.settled()]
  away.isAway = false
  expect(await settled[0]).toMatchObject({ outcome: 'parked', reason: { code: 'spooled-too-long' } })
  expect(await settled[1]).toMatchObject({ outcome: 'sent' })
  expect(texts).toEqual(['fresh'])
  expect((await reach.parked()).rows.map(({ id }) => id)).toEqual([old.id])
  // A person who wants it nevertheless can have it.
  await reach.redrive(old.id)
  await eventually(() => expect(texts).toEqual(['fresh', 'old']))
})

test('a record accepted long ago, whose place was not noted, is not sent again once the store forgot it', async () => {
  const clock = shiftedClock()
  const { away, send, reach, dir, texts } = await setUp({ clock })
  await reach.start()
  away.isAway = true
  const { id, settled } = await send('once')
  const waiting = settled()
  const [name = ''] = (await readdir(dir)).filter((each) => each.endsWith('.spool'))
  const copy = await readFile(join(dir, name))
  away.isAway = false
  await waiting
  await reach.stop()
  // As if the process had died right after the accept, and nobody had come for two hours.
  await writeFile(join(dir, 'old-1.dead.spool'), copy)
  clock.shiftMs += 2 * 3_600_000
  await away.parts.ledger.sweep(1_000)
  expect(await away.parts.ledger.get([id])).toEqual([undefined])
  const next = await setUp({ away, dir, clock })
  await next.reach.start()
  await eventually(async () => expect((await readdir(dir)).filter((each) => each.endsWith('.spool'))).toEqual([]))
  expect([...texts, ...next.texts]).toEqual(['once'])
})

test('a record that this version cannot read is kept for a newer one, and the others go on', async () => {
  const dir = await directory()
  const entries = [] as const
  const good = encodeRecord({ at: Date.now(), parcel: { id: 'good', tenant: 't', messages: [], entries } })
  const newer = Buffer.from(good)
  newer.write('9', newer.indexOf('"schema":1') + 9)
  const { crc32 } = await import('node:zlib')
  newer.writeUInt32LE(crc32(newer.subarray(12)), 8)
  const prefix = Buffer.alloc(16)
  prefix.write('RKSPOOL1')
  prefix.writeBigUInt64LE(16n, 8)
  await writeFile(join(dir, 'x-1.dead.spool'), Buffer.concat([prefix, newer, good]))
  const { reach, lines } = await setUp({ dir })
  await reach.start()
  await eventually(async () => {
    const names = (await readdir(dir)).filter((name) => !name.endsWith('.sock'))
    expect(names.map((name) => name.split('.').at(-1))).toEqual(['unread'])
  })
  expect(lines.filter(({ level }) => level === 'error').length).toBe(1)
  await reach.stop()
  const again = await setUp({ dir })
  await again.reach.start()
  await eventually(() => expect(again.lines.filter(({ level }) => level === 'error').length).toBe(1))
  await eventually(async () =>
    expect((await readdir(dir)).map((name) => name.split('.').at(-1) ?? '').toSorted()).toEqual(['sock', 'unread']),
  )
})
