import { findUnstorable } from '../json/find-unstorable.js'
import { storableCopy } from '../json/index.js'
import { ReachError } from '../spec/index.js'

/** Characters of arguments: they stand in the text of a task. */
const longest = 64 * 1024

/**
 * Arguments of a named audience as a task keeps them: a copy, null for none.
 * @throws ReachError `REACH_AUDIENCE_INVALID` for what is not JSON, and for more than 64 KiB of it.
 */
export function parseArgs(args: unknown, where: string): unknown {
  if (args === undefined) return null
  const found = findUnstorable(args, where)
  if (found !== undefined) {
    throw new ReachError('REACH_AUDIENCE_INVALID', `${found.path} must be JSON, and was ${found.kind}.`)
  }
  if (JSON.stringify(args).length <= longest) return storableCopy(args, where)
  throw new ReachError(
    'REACH_AUDIENCE_INVALID',
    `${where} must be at most ${longest} characters of JSON; give an id instead.`,
  )
}
