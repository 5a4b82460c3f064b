import type { KeyObject } from 'node:crypto'
import { NotSentError } from '@reachkit/core/spec'
import { type Credentials, isFields, type OptionReader } from '@reachkit/driver-kit'
import { privateKeyOf } from '../options/private-key.js'

/** A key of the developer team, as Apple hands it out. */
export interface ApnsKey {
  /** Ten letters and digits. */
  readonly keyId: string
  /** The text of the key file, `AuthKey_....p8`. */
  readonly privateKey: string
}

interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
}

/** Answers the key and its id. Throws NotSentError where the app's function fails or answers no such thing. */
export type ReadApnsKey = () => Promise<SigningKey>

const allowed =
  '{ keyId, privateKey }, ten letters and digits and a private key in PEM (P-256), or a function that answers them'

/** Takes the key out of the options. It is kept in a closure, where neither `inspect` nor JSON finds it. */
export function readApnsKey(options: OptionReader): ReadApnsKey {
  const given = options.required(options.read('key', isGiven, allowed), 'key')
  if (typeof given === 'function') return async () => asked(given)
  const key = signingKeyOf(given) ?? options.refuse('key', allowed)
  return async () => key
}

async function asked(ask: () => ApnsKey | Promise<ApnsKey>): Promise<SigningKey> {
  // Without the cause: what the app's own vault says may hold the secret.
  const answer: unknown = await Promise.resolve()
    .then(ask)
    .catch(() => undefined)
  const key = signingKeyOf(answer)
  if (key === undefined) throw new NotSentError('the function for key answered no { keyId, privateKey }')
  return key
}

function signingKeyOf(value: unknown): SigningKey | undefined {
  if (!isFields(value)) return undefined
  const { keyId, privateKey } = value
  const key = typeof privateKey === 'string' ? privateKeyOf(privateKey, 'ec') : undefined
  return isAppleId(keyId) && key !== undefined ? { keyId, privateKey: key } : undefined
}

function isGiven(value: unknown): value is Credentials<ApnsKey> {
  return typeof value === 'function' || isFields(value)
}

/** The form of the ids of keys and of teams. */
export function isAppleId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z0-9]{10}$/.test(value)
}
