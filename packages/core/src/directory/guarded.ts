import type { Directory, DirectoryContext, Recipient } from '../spec/index.js'
import { createGuard, type Guard, isGuard } from './guard.js'
import type { GuardOptions } from './guard-options.js'
import { ShortCache } from './short-cache.js'

/** Reads people by their ids, as a directory that is a function does. */
export type ReadPeople<Found> = (ids: readonly string[], context: DirectoryContext) => Promise<readonly Found[]>

/** People, and lists of a group's members, that are remembered at once. */
const mostPeople = 10_000
const mostLists = 100

/**
 * The same directory behind a guard: bounded concurrency, a time-out, a breaker and a short cache. With the guard of an
 * audience beside it the two share their bounds.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function guarded<Found extends { readonly id: string }>(
  directory: ReadPeople<Found>,
  guard?: Guard | GuardOptions,
): ReadPeople<Found>
export function guarded(directory: Directory, guard?: Guard | GuardOptions): Directory
export function guarded(
  directory: Directory | ReadPeople<Recipient>,
  options: Guard | GuardOptions = {},
): Directory | ReadPeople<Recipient> {
  const guard = isGuard(options) ? options : createGuard(options)
  if (typeof directory === 'function') return guardedRead(directory, guard)
  const members = directory.members?.bind(directory)
  return {
    recipients: guardedRead(async (ids, context) => directory.recipients(ids, context), guard),
    ...(members !== undefined && { members: guardedMembers(members, guard) }),
  }
}

function guardedRead<Found extends { readonly id: string }>(read: ReadPeople<Found>, guard: Guard): ReadPeople<Found> {
  const cache = new ShortCache<Found>(guard.settings.cacheMs, mostPeople)
  return async (ids, context) => {
    const keyOf = (id: string): string => JSON.stringify([context.tenant, id])
    const known = new Map<string, Found>()
    for (const id of ids) {
      const found = cache.get(keyOf(id))
      if (found !== undefined) known.set(id, found)
    }
    const others = ids.filter((id) => !known.has(id))
    if (others.length === 0) return [...known.values()]
    const found = await guard.run((signal) => read(others, { ...context, signal }), context.signal)
    // What is no person is for the reader of the directory to pass over.
    for (const one of found) if (typeof one?.id === 'string') cache.set(keyOf(one.id), one)
    return [...known.values(), ...found]
  }
}

type ReadMembers = NonNullable<Directory['members']>

function guardedMembers(read: ReadMembers, guard: Guard): ReadMembers {
  const cache = new ShortCache<readonly string[]>(guard.settings.cacheMs, mostLists)
  return async (groups, context) => {
    const key = JSON.stringify([context.tenant, ...groups])
    const known = cache.get(key)
    if (known !== undefined) return known
    const found = await guard.run((signal) => read(groups, { ...context, signal }), context.signal)
    cache.set(key, found)
    return found
  }
}
