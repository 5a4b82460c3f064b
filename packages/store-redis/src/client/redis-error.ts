import { ReachError, isReachError } from '@reachkit/core/spec'

/**
 * What is thrown for an error of the client. Only codes are told on: an error of ioredis carries the command with all of
 * its arguments, which hold bodies and, of AUTH, the password.
 */
export function redisError(error: unknown): ReachError {
  if (isReachError(error)) return error
  const code = codeOf(error)
  const cause = new Error(`redis: ${code}`)
  if (code === 'OOM') return new ReachError('REACH_STORE_FULL', 'redis has reached maxmemory', { cause })
  return new ReachError('REACH_STORE_UNAVAILABLE', sentences[code] ?? `redis answered ${code}`, { cause })
}

/** The code of a reply (`NOAUTH`), of the network (`ECONNREFUSED`), or the name of the error; never its text. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error'
  if (error.name === 'ReplyError') return replyCode(error.message)
  if ('code' in error && typeof error.code === 'string' && /^[A-Z_0-9]+$/.test(error.code)) return error.code
  if (error.message === 'Connection is closed.') return 'CLOSED'
  if (error.message === 'Command timed out') return 'TIMEOUT'
  return /^[A-Za-z]+$/.test(error.name) ? error.name : 'an unknown error'
}

/** An error that a script met comes as `ERR ...: -OOM ...` from some servers, and as `OOM ...` from others. */
function replyCode(message: string): string {
  if (/(^|[ -])OOM command not allowed/.test(message)) return 'OOM'
  return /^[A-Z]+/.exec(message)?.[0] ?? 'ERR'
}

const sentences: Readonly<Record<string, string>> = {
  WRONGPASS: 'redis refuses the user or the password',
  NOAUTH: 'redis wants a password',
  NOPERM: 'redis lacks a permission for this user: the store needs scripts, and all keys under its prefix',
  READONLY: 'redis is a replica, which takes no writes',
  LOADING: 'redis is loading its data',
  MISCONF: 'redis cannot write its data to disk',
  CLUSTERDOWN: 'the redis cluster is down',
  ECONNREFUSED: 'nobody listens at the address of redis',
  ENOTFOUND: 'the host of redis is not known',
  ETIMEDOUT: 'redis did not answer in time',
  TIMEOUT: 'redis did not answer in time',
  CLOSED: 'the connection to redis is closed',
  MaxRetriesPerRequestError: 'the connection to redis was lost',
  AbortError: 'the connection to redis was lost',
  ClusterAllFailedError: 'no node of the redis cluster answers',
}
