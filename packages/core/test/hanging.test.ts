// What an app hands in may hang: messages behind it wait, others go on, and the reason is told.
import { createReach, message } from '@reachkit/core'
import type { Directory, Gate } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(options: { readonly directory: Directory; readonly gates?: readonly Gate[] }) {
  const world = createWorld()
  const lamp = signal('lamp')
  const ping = message('ping', { content: { lamp: { text: 'x' } } })
  const reach = world.open(
    createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel }, ...options }),
  )
  return { ...world, reach, requests: lamp.requests }
}

describe('A directory that hangs', () => {
  it('counts as away after a while: nobody else waits for it for ever.', async () => {
    const recipients: Directory['recipients'] = async (ids, context) =>
      ids.includes('bad') ? new Promise(() => {}) : everybody.recipients(ids, context)
    const { reach, until, clock, lines } = setUp({ directory: { recipients } })
    const bad = []
    for (let count = 0; count < 30; count += 1) {
      bad.push(await reach.notify('ping', 'bad'))
      await clock.advance(1)
    }
    const good = await reach.notify('ping', 'good')
    expect(await until(good.settled(), 120_000)).toMatchObject({ outcome: 'sent' })
    expect((await reach.get(bad[0]?.id ?? ''))?.state).toBe('waiting')
    expect(lines.some(({ message: text }) => text.includes('the directory failed'))).toBe(true)
  })
})

describe('A gate that hangs', () => {
  it('counts as away after a while, and lets nothing through.', async () => {
    const gate: Gate = { specVersion: 1, name: 'slow', phase: 'message', check: async () => new Promise(() => {}) }
    const { reach, clock, requests } = setUp({ directory: everybody, gates: [gate] })
    const { id } = await reach.notify('ping', 'u1')
    await clock.advance('12s')
    expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'gate-failed', detail: 'slow' } })
    expect(requests).toEqual([])
  })
})
