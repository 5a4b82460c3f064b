// What is stored cannot be read, by chance or because a newer release wrote it: it is parked in the end, and the rest goes on.
import { createReach, sent } from '@reachkit/core'
import { expect, test } from 'vitest'
import { durableKinds, freshPlace, storeAt } from '../support/durable-stores.js'
import { eventually, lamp, note, realContext, recordingLogger } from '../support/lamp.js'
import type { LogLine } from '../support/lamp.js'
import { overwriteBodies, overwriteCargo } from '../support/raw-store.js'

const people = [{ lamp: 'a' }, { lamp: 'b' }, { lamp: 'c' }]

test.concurrent.each(durableKinds)(
  '%s: bodies that cannot be read are parked with a reason, an entry that cannot be read stays and is told, the rest is sent',
  async (kind) => {
    const place = await freshPlace(kind)
    const accepting = createReach({
      messages: [note],
      channels: { lamp: lamp() },
      store: storeAt(place),
      worker: false,
    })
    // One after the other: calls of one turn would share a parcel.
    const accept = async (text: string): Promise<readonly string[]> =>
      (await accepting.notify('note', people, { text })).ids
    const [corrupt, newer] = [await accept('corrupt'), await accept('newer')]
    const [lost] = [await accept('lost'), await accept('sound')]
    // What history was told of before it can still be found in lists.
    await eventually(async () => expect((await accepting.list()).rows.length).toBe(12))
    await accepting.stop()

    const parcelOf = ([id = '']: readonly string[]): string => id.slice(0, id.lastIndexOf('.'))
    const parts = await storeAt(place).open({ ...realContext, otherPool: true })
    const entries = await parts.ledger.pending({}, 100)
    const entry = entries.find(({ cargo }) => cargo.kind === 'messages' && cargo.parcel === parcelOf(lost))
    await overwriteBodies(place, parcelOf(corrupt), Buffer.from('no parcel'))
    await overwriteBodies(place, parcelOf(newer), Buffer.from([9, 0, 0, 0, 1, 7]))
    await overwriteCargo(place, entry?.id ?? '', 'no cargo')

    const lines: LogLine[] = []
    const texts: string[] = []
    const reach = createReach({
      messages: [note],
      channels: {
        lamp: lamp(({ content }) => {
          texts.push(content.text)
          return sent()
        }),
      },
      store: storeAt(place, { poolLease: '2s', pushAgain: '500ms' }),
      unknownFor: '1s',
      logger: recordingLogger(lines),
    })
    try {
      await reach.start()
      await eventually(() => expect(texts).toEqual(['sound', 'sound', 'sound']))
      await eventually(async () => {
        const { rows } = await reach.parked()
        expect(rows.map(({ id }) => id).toSorted()).toEqual([...corrupt, ...newer].toSorted())
        expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(['unreadable']))
      }, 60_000)
      expect(await reach.get(corrupt[1] ?? '')).toMatchObject({ outcome: 'parked', reason: { code: 'unreadable' } })
      // Nothing of the entry can be read: it is told, and counted where entries are the pool's rows.
      const { lanes } = await reach.stats()
      const entriesLeft = lanes.reduce((sum, { waiting, leased }) => sum + waiting + leased, 0)
      expect(entriesLeft).toBe(kind === 'redis' ? 0 : 1)
      const errors = lines.filter(({ level }) => level === 'error')
      expect(errors.map(({ fields }) => fields['entry'])).toContain(entry?.id)
      expect(errors.map(({ fields }) => fields['parcel'])).toContain(parcelOf(corrupt))
      expect(JSON.stringify(lines)).not.toMatch(/no parcel|no cargo/)
      expect(texts.length).toBe(3)
    } finally {
      await reach.stop({ timeout: '5s' })
      await parts.close()
      await place.drop()
    }
  },
  180_000,
)
