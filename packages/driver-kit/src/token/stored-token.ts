import type { State } from '@reachkit/core/spec'
import { numberAt, textAt } from '../http/http-answer.js'

export interface StoredToken {
  readonly token: string
  /** Milliseconds since the epoch: when the vendor last answered with it. */
  readonly fetchedAt: number
  readonly expiresAt: number
  readonly renewAt: number
}

/** How long a token is not replaced, though it is refused: processes would ask the vendor for one after the other. */
export const leastAgeMs = 30_000

export function isYoung({ fetchedAt, expiresAt }: StoredToken, now: number): boolean {
  return now < Math.min(fetchedAt + leastAgeMs, expiresAt)
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
  const fetchedAt = numberAt(json, 'fetchedAt')
  const expiresAt = numberAt(json, 'expiresAt')
  const renewAt = numberAt(json, 'renewAt')
  if (token === undefined || fetchedAt === undefined || expiresAt === undefined || renewAt === undefined)
    return undefined
  return { token, fetchedAt, expiresAt, renewAt }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
