// Processes on one store, of which some only accept: `worker: false`.
import { createReach, memoryStore, message, rejected, sent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

const ping = message('ping', { content: { lamp: { text: 'x' } } })

async function setUp() {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const engine = (worker: boolean, answer: Answer = () => sent()) => {
    const lamp = signal('lamp', answer)
    const options = { store: sharedStore(parts), messages: [ping], channels: { lamp: lamp.channel }, worker }
    return { reach: world.open(createReach({ ...world.base, ...options })), requests: lamp.requests }
  }
  return { ...world, parts, engine }
}

describe('A process with `worker: false`', () => {
  it('accepts and sends nothing, however long nobody else does.', async () => {
    const { engine, clock, parts } = await setUp()
    const { reach, requests } = engine(false)
    const { id, settled } = await reach.notify('ping', { lamp: 'l1' })
    let told = false
    settled().then(
      () => (told = true),
      () => {},
    )
    await clock.advance('10m')
    expect([requests.length, told]).toEqual([0, false])
    expect((await parts.ledger.get([id]))[0]).toMatchObject({ state: 'waiting', step: 0 })
    expect((await parts.ledger.pending({}, 10)).map(({ leased }) => leased)).toEqual([false])
  })

  it('is told by `settled()` how it ended when another process sends.', async () => {
    const { engine, clock, until } = await setUp()
    const accepting = engine(false)
    const fine = await accepting.reach.notify('ping', { lamp: 'l1' })
    const bad = await accepting.reach.notify('ping', { lamp: 'l2' })
    const settled = Promise.all([fine.settled(), bad.settled()])
    await clock.advance('1m')
    const sending = engine(true, ({ to }) => (to === 'l2' ? rejected('no') : sent()))
    await sending.reach.start()
    expect(await until(settled)).toMatchObject([
      { id: fine.id, outcome: 'sent' },
      { id: bad.id, outcome: 'rejected', reason: { code: 'provider-rejected' } },
    ])
    expect(sending.requests.map(({ id }) => id).toSorted()).toEqual([fine.id, bad.id].toSorted())
    expect(accepting.requests).toEqual([])
  })

  it('stops by itself, and what it accepted is sent by the others.', async () => {
    const { engine, clock, until } = await setUp()
    const [accepting, sending] = [engine(false), engine(true)]
    const { ids } = await accepting.reach.notify('ping', [{ lamp: 'l1' }, { lamp: 'l2' }], undefined, { after: '5s' })
    await until(accepting.reach.stop())
    await sending.reach.start()
    await clock.advance('10s')
    expect(sending.requests.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted())
    expect(accepting.requests).toEqual([])
  })
})
