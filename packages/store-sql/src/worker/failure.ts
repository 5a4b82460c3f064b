import { ReachError } from '@reachkit/core/spec'
import { storeError } from '../database/failures.js'
import { codeOf } from '../database/retry.js'
import type { Failure } from './protocol.js'

export function toFailure(error: unknown): Failure {
  const { code, message, cause } = storeError(error)
  const text = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message
  const why = cause instanceof Error ? { code: codeOf(cause), text: cause.message } : undefined
  return { code, text, cause: why }
}

export function fromFailure({ code, text, cause }: Failure): ReachError {
  if (cause === undefined) return new ReachError(code, text)
  const why = Object.assign(new Error(cause.text), cause.code === undefined ? {} : { code: cause.code })
  return new ReachError(code, text, { cause: why })
}

/** What every call ends with once the worker is gone. */
export function workerGone(why: string): ReachError {
  return new ReachError('REACH_STORE_UNAVAILABLE', `the worker thread of the SQLite store has ended: ${why}`)
}
