// Each crash point on each store: a process is killed exactly there, and another one takes over.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startHttpSink } from '../matrix/http-sink.js'
import type { HttpSink } from '../matrix/http-sink.js'
import { MatrixPlayer } from '../matrix/play.js'
import { audience, scenarios } from '../matrix/scenarios.js'
import { bundle } from '../../test/support/bundle.js'
import type { Bundle } from '../../test/support/bundle.js'
import { matrixStores } from './matrix-stores.js'

// A case waits for a lease to run out for most of its time, so many run at once.
vi.setConfig({ maxConcurrency: 12 })

// Those that wait until the claim of an outbox has run out begin first: they only wait.
const inOrder = scenarios.toSorted((a, b) => Number(b.way === 'relay') - Number(a.way === 'relay'))
const recipients = Array.from({ length: audience }, (_, number) => number)

let bundled: Bundle
beforeAll(async () => {
  bundled = await bundle(['chaos/matrix/victim.ts', 'chaos/matrix/survivor.ts'])
}, 60_000)
afterAll(async () => bundled?.remove())

describe.concurrent.each(matrixStores)('A process that is killed on $name', (store) => {
  let sink: HttpSink
  let player: MatrixPlayer
  beforeAll(async () => {
    sink = await startHttpSink()
    player = await MatrixPlayer.start({ victim: bundled.path('victim'), survivor: bundled.path('survivor') })
  }, 60_000)
  afterAll(async () => {
    await player?.stop()
    await sink?.close()
  })

  it.each(inOrder.filter(({ at }) => store.only?.has(at) ?? true))(
    '$name',
    async (scenario) => {
      const name = `${store.name}-${scenario.name}`.replaceAll(/\W+/g, '-')
      const { space, drop } = await store.place()
      try {
        const { victim, heir, found } = await player.play({
          place: { ...space, sinkUrl: `${sink.url}/${name}` },
          scenario,
        })
        expect(victim).toBe(store.has(scenario.at) ? 'SIGKILL' : 0)
        expect(heir).toBe(scenario.heir && 'SIGKILL')
        const held = store.has(scenario.at) ? scenario.held : 0
        const wanted = { sent: audience - held, held }
        expect({ sent: count(found.states, 'sent'), held: count(found.states, 'held') }).toEqual(wanted)
        // Nobody got it twice, and nobody is without it who is not held.
        const got = recipients.map((recipient) => sink.count(name, recipient))
        expect(got.filter((times) => times > 1)).toEqual([])
        if (scenario.way !== 'run')
          expect(got.filter((times, index) => times === 0 && found.states[index] !== 'held')).toEqual([])
        else expect({ got, states: found.states.length }).toEqual({ got: recipients.map(() => 1), states: audience })
        const { spent, reserved } = found
        if (scenario.gated) expect({ spent, reserved }).toEqual({ spent: wanted.sent, reserved: held })
      } finally {
        await drop()
      }
    },
    90_000,
  )
})

function count(states: readonly string[], state: string): number {
  return states.filter((each) => each === state).length
}
