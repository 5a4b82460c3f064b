// A message that ends every process that works on it: it is parked, and those beside it are sent.
import { createReach } from '@reachkit/core'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram } from '../support/child-program.js'
import type { ChildProgram } from '../support/child-program.js'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { eventually, lamp, note } from '../support/lamp.js'

const beside = 9

test.concurrent.each(durableKinds)(
  '%s: a message that crashes its worker each time is parked in the end, and those of its call are sent once',
  async (kind) => {
    const place = await freshPlace(kind)
    const folder = mkdtempSync(join(tmpdir(), 'reachkit-poison-'))
    const deliveries = join(folder, 'deliveries')
    writeFileSync(deliveries, '')
    const reach = createReach({ messages: [note], channels: { lamp: lamp() }, store: storeAt(place), worker: false })
    let worker: ChildProgram | undefined
    let starts = 0
    const run = { isOver: false }
    // As whatever supervises an app does: it starts it anew.
    const supervise = async (): Promise<void> => {
      while (!run.isOver) {
        worker = await startProgram('worker', { place, deliveries, budget: false, deduplicates: true })
        starts += 1
        await worker.ended
      }
    }
    try {
      // Some share its envelope, and some are beside it in envelopes of their own.
      const notify = async (index: number): Promise<string> =>
        (await reach.notify('note', { lamp: `p${index}` }, { text: index === 4 ? 'poison' : 'x' })).id
      const ids = await Promise.all(Array.from({ length: beside - 1 }, async (_, index) => notify(index)))
      ids.push(await notify(beside - 1), await notify(beside))
      const supervised = supervise().catch(() => {})
      const parked = async (): Promise<readonly string[]> => (await reach.parked()).rows.map(({ id }) => id)
      await eventually(async () => expect(await parked()).toEqual([ids[4]]), 180_000)
      expect(await reach.get(ids[4] ?? '')).toMatchObject({ outcome: 'parked', reason: { code: 'crashes-exhausted' } })
      await eventually(async () => {
        const rest = await Promise.all(ids.map(async (id) => (await reach.get(id))?.outcome))
        expect(rest.filter((outcome) => outcome === 'sent').length).toBe(beside)
      }, 150_000)
      const lines = readFileSync(deliveries, 'utf8').trim().split('\n')
      expect(lines.map((line) => line.split(' ')[0] ?? '').toSorted()).toEqual(
        ids.filter((_, at) => at !== 4).toSorted(),
      )
      expect(starts).toBeGreaterThan(3)
      run.isOver = true
      await worker?.kill()
      await supervised
    } finally {
      run.isOver = true
      await worker?.kill()
      await reach.stop({ timeout: '5s' })
      await place.drop()
      rmSync(folder, { recursive: true })
    }
  },
  400_000,
)
