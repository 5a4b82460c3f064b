import type { State } from '@reachkit/core/spec'
import { numberAt, textAt } from '../http/http-answer.js'

export interface StoredToken {
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly renewAt: number
}

export async function readToken(
  state: State,
  key: string,
): Promise<{ readonly stored: StoredToken | undefined; readonly version: number }> {
  const [document] = await state.read([key])
  return { stored: parseToken(document?.text), version: document?.version ?? 0 }
}

/** Writes the token where it is still the next version; where another process was first, answers that one's. */
export async function writeToken(
  state: State,
  key: string,
  stored: StoredToken,
  version: number,
): Promise<StoredToken> {
  const written = await state.write(key, JSON.stringify(stored), version)
  if (written !== undefined) return stored
  // Vendors end the older of two tokens.
  return (await readToken(state, key)).stored ?? stored
}

function parseToken(text: string | undefined): StoredToken | undefined {
  if (text === undefined) return undefined
  const json: unknown = parsed(text)
  const token = textAt(json, 'token')
  const expiresAt = numberAt(json, 'expiresAt')
  const renewAt = numberAt(json, 'renewAt')
  return token === undefined || expiresAt === undefined || renewAt === undefined
    ? undefined
    : { token, expiresAt, renewAt }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
