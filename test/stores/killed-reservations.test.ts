// Workers are killed while they hold reservations of a budget: what becomes of each follows from the ledger.
import { createReach } from '@reachkit/core'
import { seededRandom } from '@reachkit/testing'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { budgetKey } from '../support/budget-gate.js'
import { startProgram } from '../support/child-program.js'
import type { ChildProgram } from '../support/child-program.js'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { eventually, lamp, note, realContext } from '../support/lamp.js'

const audience = 200
const budget = 120
const kills = 3

test.concurrent.each(durableKinds)(
  '%s: workers killed at random: all of the budget is used, none of it twice',
  async (kind) => {
    const place = await freshPlace(kind)
    const folder = mkdtempSync(join(tmpdir(), 'reachkit-killed-'))
    const deliveries = join(folder, 'deliveries')
    writeFileSync(deliveries, '')
    const delivered = (): string[] => readFileSync(deliveries, 'utf8').trim().split('\n')
    const parts = await storeAt(place).open({ ...realContext, otherPool: true })
    const { state, ledger } = parts
    const accepting = createReach({
      messages: [note],
      channels: { lamp: lamp() },
      store: storeAt(place),
      worker: false,
    })
    const start = async (): Promise<ChildProgram> =>
      startProgram('worker', { place, deliveries, budget: true, deduplicates: false })
    const ids: string[] = []
    const workers: ChildProgram[] = []
    const random = seededRandom(7)
    try {
      await state.credit(budgetKey, budget)
      // Calls of a few: so that several workers have something to do.
      for (let from = 0; from < audience; from += 20) {
        const people = Array.from({ length: 20 }, (_, index) => ({ lamp: `p${from + index}` }))
        ids.push(...(await accepting.notify('note', people, { text: 'x' })).ids)
      }
      workers.push(...(await Promise.all([start(), start()])))
      for (let kill = 1; kill <= kills; kill += 1) {
        const wanted = (budget / (kills + 1)) * kill * 0.8
        await eventually(() => expect(delivered().length).toBeGreaterThan(wanted), 90_000)
        const [victim] = workers.splice(Math.floor(random.next() * workers.length), 1)
        await victim?.kill()
        workers.push(await start())
      }
      const counts = async (): Promise<Record<string, number>> => {
        const all: Record<string, number> = { sent: 0, held: 0 }
        for (const record of await ledger.get(ids)) {
          const how = record?.outcome ?? record?.state ?? 'absent'
          all[how] = (all[how] ?? 0) + 1
        }
        return all
      }
      await eventually(async () => {
        const { sent = 0, held = 0 } = await counts()
        expect(await state.budgets([budgetKey])).toEqual([{ left: 0, reserved: held, spent: sent }])
        expect(sent + held).toBe(budget)
      }, 90_000)
      const lines = delivered()
      expect(new Set(lines).size, 'nobody got it twice').toBe(lines.length)
      const { sent = 0, held = 0, ...others } = await counts()
      expect(lines.length).toBeGreaterThanOrEqual(sent)
      expect(lines.length).toBeLessThanOrEqual(sent + held)
      expect(Object.keys(others).filter((how) => how !== 'waiting' && how !== 'sending')).toEqual([])
    } finally {
      await Promise.all(workers.map(async (worker) => worker.kill()))
      await accepting.stop({ timeout: '5s' })
      await parts.close()
      await place.drop()
      rmSync(folder, { recursive: true })
    }
  },
  300_000,
)
