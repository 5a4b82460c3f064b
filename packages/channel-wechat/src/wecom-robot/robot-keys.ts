import { NotSentError } from '@reachkit/core/spec'
import { isFields, isRobotName, OptionReader, readSecret, type Secret } from '@reachkit/driver-kit'

/** The keys of robots by their names, or a function that answers one when a message is sent: customers bring theirs. */
export type RobotKeys =
  | Readonly<Record<string, Secret>>
  | ((name: string) => string | undefined | Promise<string | undefined>)

/** Answers the key of a robot, undefined where there is none. Throws NotSentError where the app cannot tell. */
export type FindKey = (name: string) => Promise<string | undefined>

/** Takes the keys out of the options; they are kept in closures. Throws REACH_OPTION_INVALID. */
export function readRobotKeys(options: OptionReader): FindKey {
  const given = options.required(options.read('robots', isRobotKeys, allowed), 'robots')
  if (typeof given === 'function') return async (name) => asked(given, name)
  const names = Object.keys(given)
  const keys = options.inner('robots', names)
  const found = new Map(names.map((name) => [name, readSecret(keys, name)]))
  return async (name) => found.get(name)?.()
}

const allowed =
  'an object of keys by names of 1 to 64 letters, digits, dots, - or _, or a function that answers the key of one'

function isRobotKeys(value: unknown): value is RobotKeys {
  if (typeof value === 'function') return true
  return isFields(value) && Object.keys(value).length > 0 && Object.keys(value).every(isRobotName)
}

async function asked(find: Extract<RobotKeys, (name: string) => unknown>, name: string): Promise<string | undefined> {
  try {
    const key: unknown = await find(name)
    if (key === undefined || key === null) return undefined
    return await readSecret(new OptionReader('wecomRobot', { key }, ['key']), 'key')()
  } catch {
    // Without the cause: what the app's own table says may hold the key.
    throw new NotSentError('the function for robots failed, or answered no key')
  }
}
