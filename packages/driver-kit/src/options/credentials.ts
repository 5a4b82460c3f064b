import { NotSentError } from '@reachkit/core/spec'
import { isFields } from '../content/check.js'
import type { OptionReader } from './option-reader.js'
import { isLine, nameOf } from './secret.js'

/** Keys that belong together: as they are, or a function that is asked for them before each use. */
export type Credentials<Keys> = Keys | (() => Keys | Promise<Keys>)

/** Answers the keys. Throws NotSentError where the app's function fails or answers anything else. */
export type ReadCredentials<Keys> = () => Promise<Keys>

/**
 * Takes keys that belong together out of the options: `needed` are the fields that must be there, `others` may be. They
 * are kept in a closure, where neither `inspect` nor JSON finds them.
 */
export function readCredentials<const Needed extends string, const Other extends string>(
  options: OptionReader,
  field: string,
  needed: readonly Needed[],
  others: readonly Other[],
): ReadCredentials<Readonly<Record<Needed, string>> & Readonly<Partial<Record<Other, string>>>> {
  type Keys = Readonly<Record<Needed, string>> & Readonly<Partial<Record<Other, string>>>
  const isKeys = (value: unknown): value is Keys =>
    isFields(value) &&
    needed.every((name) => isLine(value[name])) &&
    others.every((name) => value[name] === undefined || isLine(value[name]))
  const isGiven = (value: unknown): value is Credentials<Keys> => typeof value === 'function' || isKeys(value)
  const form = `{ ${[...needed, ...others.map((name) => `${name}?`)].join(', ')} }`
  const given = options.required(
    options.read(field, isGiven, `${form}, texts of one line, or a function that answers them`),
    field,
  )
  const copied = (keys: Keys): Keys => ({ ...keys })
  if (typeof given !== 'function') {
    const kept = copied(given)
    return async () => kept
  }
  return async () => {
    const answer: unknown = await failing(given, field)
    if (isKeys(answer)) return answer
    throw new NotSentError(`the function for ${field} answered no ${form}`)
  }
}

async function failing(ask: () => unknown, field: string): Promise<unknown> {
  try {
    return await ask()
  } catch (cause) {
    // Without the cause: what the app's own vault says may hold the secret.
    throw new NotSentError(`the function for ${field} failed with ${nameOf(cause)}`)
  }
}
