import { isReachError } from '@reachkit/core'
import type { ReachError } from '@reachkit/core'
import { inspect } from 'node:util'

/** The coded error that a call ends in; anything else fails the test. */
export async function errorOf(call: () => unknown): Promise<ReachError> {
  const thrown = await attempt(call)
  if (isReachError(thrown)) return thrown
  throw new Error(`expected an error of Reachkit, got ${inspect(thrown)}`)
}

async function attempt(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  return 'no error at all'
}

/** Everything that an error says: its own text, and that of its causes. */
export function textOf(error: unknown): string {
  return inspect(error, { depth: 10 })
}
