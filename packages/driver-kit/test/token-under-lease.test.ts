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
  const send = async (): Promise<string> => {
    const fetchToken = async () => ({ token: `token-${(asked += 1)}`, expiresInMs: 7_200_000 })
    const tokens = createAccessTokens({ vendor: 'acme', identity: ['app-1'], fetchToken })
    const context = { clock, state, signal: new AbortController().signal } as unknown as DeliveryContext
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
  // Between the read and the lease of the first process, the other one does all of its work.
  const remember = state.remember.bind(state)
  let isFirst = true
  Object.assign(state, {
    remember: async (entries: Parameters<State['remember']>[0]) => {
      if (isFirst) {
        isFirst = false
        expect(await send()).toBe('token-1')
      }
      return remember(entries)
    },
  })
  expect(await send()).toBe('token-1')
  expect(asked).toBe(1)
})
