import { ReachError, isReachError } from '../spec/index.js'

const noRoom: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a file system answered, as a coded error; the path in its text is the app's own. */
export function spoolError(cause: unknown): ReachError {
  if (isReachError(cause)) return cause
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (noRoom.has(code)) {
    return new ReachError('REACH_SPOOL_FULL', 'the store is away, and there is no room on the disk of the spool', {
      cause,
    })
  }
  return new ReachError('REACH_SPOOL_UNAVAILABLE', 'the directory of the spool cannot be written or read', { cause })
}

export function spoolFull(maxBytes: number): ReachError {
  return new ReachError('REACH_SPOOL_FULL', `the store is away, and the spool holds its ${maxBytes} bytes`)
}
