import { ReachError } from '../spec/index.js'
import { findUnstorable } from './find-unstorable.js'

/** Throws `REACH_DATA_NOT_JSON` for what cannot be stored: names the field (`where` and the path below it) and its kind. */
export function refuseUnstorable(value: unknown, where: string, cause?: unknown): never {
  if (cause !== undefined) throw new ReachError('REACH_DATA_NOT_JSON', `${where} cannot be read`, { cause })
  const found = findUnstorable(value, where)
  throw new ReachError(
    'REACH_DATA_NOT_JSON',
    `${found?.path ?? where} is ${found?.kind ?? 'not JSON'}; ` +
      'data is stored as JSON: no Date, bigint, Map, Set, function or instance of a class',
  )
}
