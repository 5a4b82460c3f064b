import { memoryStore } from '@reachkit/core'
import { type DeliveryContext, sent, type State } from '@reachkit/core/spec'
import { seededRandom, virtualClock } from '@reachkit/testing'
import { expect, it } from 'vitest'
import { createAccessTokens } from '../src/index.js'

it('is not asked for again by a process that read the state before another one renewed it, and has the lease after it', async () => {
  const clock = virtualClock()
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random: seededRandom(1), logger })
  let asked = 0
  const send = async (by: State): Promise<string> => {
    const fetchToken = async () => ({ token: `token-${(asked += 1)}`, expiresInMs: 7_200_000 })
    const tokens = createAccessTokens({ vendor: 'acme', identity: ['app-1'], fetchToken })
    const context = { clock, state: by, signal: new AbortController().signal } as unknown as DeliveryContext
    const used: string[] = []
    await tokens.use(
      context,
      async () => Promise.reject(new Error('not called')),
      async (token) => {
        used.push(token)
        return sent()
      },
    )
    return used.join()
  }
  // Between its read and its lease, the other process does all of its work.
  const slow: State = Object.create(state, {
    remember: {
      value: async (entries: Parameters<State['remember']>[0]) => {
        expect(await send(state)).toBe('token-1')
        return state.remember(entries)
      },
    },
  })
  expect(await send(slow)).toBe('token-1')
  expect(asked).toBe(1)
})
