import { NotSentError } from '@reachkit/core/spec'
import type { OptionReader } from './option-reader.js'

/** A key or password: the text itself, or a function that is asked for it before each use, so that it can be rotated. */
export type Secret = string | (() => string | Promise<string>)

/** Answers the secret. Throws NotSentError where the app's function fails or answers no line of text. */
export type ReadSecret = () => Promise<string>

/** Takes a secret out of the options. It is kept in a closure, where neither `inspect` nor JSON finds it. */
export function readSecret(options: OptionReader, field: string): ReadSecret {
  return options.required(optionalSecret(options, field), field)
}

/** Like `readSecret`, for a secret that may be left out. */
export function optionalSecret(options: OptionReader, field: string): ReadSecret | undefined {
  const given = options.read(field, isSecret, 'text of one line that is not empty, or a function that answers it')
  if (given === undefined) return undefined
  return typeof given === 'string' ? async () => given : async () => asked(given, field)
}

async function asked(ask: () => string | Promise<string>, field: string): Promise<string> {
  const answer: unknown = await failing(ask, field)
  if (isLine(answer)) return answer
  throw new NotSentError(`the function for ${field} answered no line of text`)
}

async function failing(ask: () => string | Promise<string>, field: string): Promise<unknown> {
  try {
    return await ask()
  } catch (cause) {
    // Without the cause: what the app's own vault says may hold the secret.
    throw new NotSentError(`the function for ${field} failed with ${nameOf(cause)}`)
  }
}

/** The name of an error, where it is one. */
export function nameOf(cause: unknown): string {
  return cause instanceof Error && /^[A-Za-z]\w{0,60}$/.test(cause.name) ? cause.name : 'an error'
}

function isSecret(value: unknown): value is Secret {
  return isLine(value) || typeof value === 'function'
}

/** True for a text of one line that is not empty. */
export function isLine(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value)
}
