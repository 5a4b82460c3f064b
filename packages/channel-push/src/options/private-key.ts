import { createPrivateKey, type KeyObject } from 'node:crypto'
import { NotSentError } from '@reachkit/core/spec'
import type { OptionReader } from '@reachkit/driver-kit'

/** A private key as PEM: the text itself, or a function that is asked for it before each use, so that it can be rotated. */
export type PrivateKey = string | (() => string | Promise<string>)

/** Answers the key. Throws NotSentError where the app's function fails or answers no such key. */
export type ReadPrivateKey = () => Promise<KeyObject>

const allowed = 'a private key in PEM (RSA), or a function that answers it'

/** Takes an RSA key out of the options. It is kept in a closure, where neither `inspect` nor JSON finds it. */
export function readPrivateKey(options: OptionReader, field: string): ReadPrivateKey {
  const given = options.required(options.read(field, isPrivateKey, allowed), field)
  if (typeof given === 'function') return async () => asked(given, field)
  const key = privateKeyOf(given, 'rsa') ?? options.refuse(field, allowed)
  return async () => key
}

async function asked(ask: () => string | Promise<string>, field: string): Promise<KeyObject> {
  // Without the cause: what the app's own vault says may hold the secret.
  const answer: unknown = await Promise.resolve()
    .then(ask)
    .catch(() => undefined)
  const key = typeof answer === 'string' ? privateKeyOf(answer, 'rsa') : undefined
  if (key === undefined) throw new NotSentError(`the function for ${field} answered no private key`)
  return key
}

/** The key of a PEM; undefined where it is none of that type. Environments often hold the line breaks of a PEM as `\n`. */
export function privateKeyOf(pem: string, type: 'ec' | 'rsa'): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'))
    const fits = type === 'rsa' || key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    return key.asymmetricKeyType === type && fits ? key : undefined
  } catch {
    return undefined
  }
}

function isPrivateKey(value: unknown): value is PrivateKey {
  return typeof value === 'function' || (typeof value === 'string' && value.includes('PRIVATE KEY'))
}
