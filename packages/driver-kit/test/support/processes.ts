import { memoryStore } from '@reachkit/core'
import { type DeliveryContext, type DeliveryOutcome, sent } from '@reachkit/core/spec'
import { seededRandom, virtualClock, type VirtualClock } from '@reachkit/testing'
import { type AccessTokenOptions, createAccessTokens, type FreshToken, tokenRefused } from '../../src/index.js'

interface Use {
  /** Makes an attempt, and says which tokens it was made with. `refuses`: the token that the vendor does not take, or those. */
  (given?: {
    readonly refuses?: string | RegExp
    readonly signal?: AbortSignal
    readonly messageId?: string
    readonly report?: DeliveryContext['report']
  }): Promise<{
    readonly used: readonly string[]
    readonly outcome: DeliveryOutcome
  }>
}

export interface World {
  readonly clock: VirtualClock
  /** Another process of the app: it shares the state with the others, and nothing else. */
  readonly process: (fetched?: AccessTokenOptions['fetchToken']) => Use
}

/** Processes of one app, each of which asks for tokens by `fetched` unless told. */
export async function world(fetched: AccessTokenOptions['fetchToken']): Promise<World> {
  const clock = virtualClock()
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random: seededRandom(1), logger })
  const call = async (): Promise<never> => Promise.reject(new Error('not called'))
  const never = new AbortController().signal
  const process = (fetchToken = fetched): Use => {
    const tokens = createAccessTokens({ vendor: 'acme', identity: ['app-1'], fetchToken })
    return async ({ refuses, signal = never, messageId, report = () => {} } = {}) => {
      const used: string[] = []
      const context = { clock, state, signal, report } as unknown as DeliveryContext
      const attempt = async (token: string): Promise<DeliveryOutcome> => {
        used.push(token)
        const isRefused = refuses instanceof RegExp ? refuses.test(token) : token === refuses
        return isRefused ? tokenRefused : sent()
      }
      const outcome = await tokens.use(context, call, attempt, messageId)
      return { used, outcome }
    }
  }
  return { clock, process }
}

type FetchToken = (...given: Parameters<AccessTokenOptions['fetchToken']>) => Promise<FreshToken>

/** Answers another token each time. */
export function counting(): { readonly fetchToken: FetchToken; readonly count: () => number } {
  let count = 0
  const fetchToken = async () => ({ token: `token-${(count += 1)}`, expiresInMs: 7_200_000 })
  return { fetchToken, count: () => count }
}

/** A vendor that answers when it is told to. */
export function gated(): {
  readonly fetchToken: FetchToken
  /** The answers that are awaited, in order. */
  readonly asked: ((token: string) => void)[]
} {
  const asked: ((token: string) => void)[] = []
  const fetchToken: FetchToken = async () =>
    new Promise((resolve) => asked.push((token) => resolve({ token, expiresInMs: 7_200_000 })))
  return { fetchToken, asked }
}
