import { ReachError } from '../spec/index.js'
import type { Directory, State } from '../spec/index.js'
import { writeDocument } from './weights.js'

const prefix = 'receivers/'

/** Who operators set as receivers of a message type: ids, and groups where the directory knows their members. */
export async function getReceivers(state: State, key: string): Promise<readonly string[]> {
  const [document] = await state.read([prefix + key])
  return document?.text === undefined ? [] : (JSON.parse(document.text) as readonly string[])
}

export async function setReceivers(state: State, key: string, ids: unknown): Promise<void> {
  const fits = Array.isArray(ids) && ids.every((id) => typeof id === 'string' && id !== '')
  if (!fits) throw new ReachError('REACH_OPTION_INVALID', `receivers of '${key}' must be an array of ids`)
  await writeDocument(state, prefix + key, JSON.stringify([...new Set(ids as readonly string[])]))
}

/**
 * The recipients behind `receivers`: a group (an id that starts with '@') stands for its members, each person once.
 * @throws ReachError `REACH_RECEIVERS_EMPTY` where that is nobody.
 */
export async function readReceivers(
  state: State,
  key: string,
  tenant: string,
  directory: Directory | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const set = await getReceivers(state, key)
  const groups = set.filter(isGroup).map((id) => id.slice(1))
  const members = groups.length === 0 ? [] : ((await directory?.members?.(groups, { tenant, signal })) ?? [])
  const ids = [...new Set([...set.filter((id) => !isGroup(id)), ...members])]
  if (ids.length > 0) return ids
  const text = `nobody is set as receiver of '${key}': reach.receivers.set('${key}', ids)`
  throw new ReachError('REACH_RECEIVERS_EMPTY', text)
}

function isGroup(id: string): boolean {
  return id.startsWith('@')
}
