import { basename } from 'node:path'
import { shownName } from '../../options/index.js'
import { ReachError } from '../../spec/index.js'

/** The name of a file as an error may show it. */
export function shownFile(path: string): string {
  return `the file '${shownName(basename(path))}'`
}

export function fileChanged(path: string): ReachError {
  const text = `${shownFile(path)} is not what it was when the task was created; create another task for the new content.`
  return new ReachError('REACH_AUDIENCE_CHANGED', text)
}

/** What the file system threw, as an error of ours. */
export function fileError(path: string, cause: unknown): ReachError {
  if (isGone(cause)) return new ReachError('REACH_AUDIENCE_GONE', `${shownFile(path)} is not there.`, { cause })
  return new ReachError('REACH_AUDIENCE_FAILED', `${shownFile(path)} cannot be read.`, { cause })
}

function isGone(cause: unknown): boolean {
  return (
    typeof cause === 'object' && cause !== null && 'code' in cause && ['ENOENT', 'ENOTDIR'].includes(String(cause.code))
  )
}
