import type { RedisClient } from './redis-client.js'

/**
 * Rejects what was under way when a connection broke. ioredis either sends such commands again, though they may have been
 * done, or, told not to, forgets them: their promises never end (seen with 6.0.0).
 */
export class InFlight {
  readonly #waiting = new Set<(error: Error) => void>()
  #ready: boolean

  constructor(client: RedisClient) {
    this.#ready = client.status === 'ready'
    client.on('ready', () => {
      this.#ready = true
    })
    client.on('close', () => {
      // Until a connection is ready, commands wait in the client, which ends them itself.
      if (!this.#ready) return
      this.#ready = false
      const error = new Error('Connection is closed.')
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const reject of waiting) reject(error)
    })
  }

  watch<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      const end = (): void => void this.#waiting.delete(reject)
      // Which of the two rejects first is what counts.
      answer.then(
        (value) => {
          end()
          return resolve(value)
        },
        (error: unknown) => {
          end()
          reject(error instanceof Error ? error : new Error('redis refused'))
        },
      )
    })
  }
}
