import { createHash } from 'node:crypto'
import { InFlight } from './in-flight.js'
import type { Argument, RedisClient, Reply } from './redis-client.js'
import { redisError } from './redis-error.js'

/** A Lua script and the digest that the server knows it by. */
export interface Script {
  readonly source: string
  readonly sha: string
}

export function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** Runs scripts by their digest; where the server does not know one (a restart, a failover), by its text. */
export class Scripts {
  readonly #inFlight: InFlight | undefined

  /** `own`: a client of ours, which sends nothing again. */
  constructor(
    readonly client: RedisClient,
    own: boolean = false,
  ) {
    this.#inFlight = own ? new InFlight(client) : undefined
  }

  async run({ sha, source }: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    try {
      return await this.#call('evalsha', sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!isUnknownScript(error)) throw redisError(error)
    }
    return this.command('eval', source, keys.length, ...keys, ...args)
  }

  async command(name: string, ...args: Argument[]): Promise<Reply> {
    try {
      return await this.#call(name, ...args)
    } catch (error) {
      throw redisError(error)
    }
  }

  #call(name: string, ...args: Argument[]): Promise<Reply> {
    const answer = this.client.callBuffer(name, ...args) as Promise<Reply>
    return this.#inFlight === undefined ? answer : this.#inFlight.watch(answer)
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
