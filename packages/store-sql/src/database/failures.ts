import { ReachError, isReachError } from '@reachkit/core/spec'
import { codeOf } from './retry.js'

/** What a driver says, without the values that it may quote: those may be addresses, bodies or secrets. */
export function plainText(error: unknown): string {
  // A name with several addresses fails with one error each.
  const [one] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  const text = one instanceof Error ? one.message : String(one)
  const short = text.replace(/(['"`])[^]*\1/g, '…').replace(/\w+:\/\/\S+/g, '…')
  return short.slice(0, 200)
}

/**
 * The error of a database as Reachkit throws it. Its cause is a copy with nothing but the code and a text without values:
 * drivers hang whole statements on theirs.
 */
export function storeError(error: unknown): ReachError {
  if (isReachError(error)) return error
  const code = codeOf(error)
  const text = plainText(error)
  if (code === undefined && error instanceof TypeError) {
    // Of our own code: a driver's errors have a code.
    return new ReachError('REACH_INTERNAL', text, { cause: new Error(text) })
  }
  const cause = Object.assign(new Error(text), code === undefined ? {} : { code })
  return new ReachError('REACH_STORE_UNAVAILABLE', `the database answered ${code ?? 'an error'}: ${text}`, { cause })
}

/** Loads an optional peer, or says in one sentence what is missing. */
export async function loadPeer<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const cause = new Error(plainText(error))
    const text = `the package '${name}' could not be loaded; install it beside @reachkit/store-sql`
    throw new ReachError('REACH_STORE_UNAVAILABLE', text, { cause })
  }
}
