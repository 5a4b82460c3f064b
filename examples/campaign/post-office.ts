import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Letter } from './reach.js'

/** The provider: takes each letter once, by its key, and remembers what came where. */
export class PostOffice {
  /** Letters by address. */
  readonly got = new Map<string, string[]>()
  readonly #keys = new Set<string>()
  #dropped = 0
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch(() => response.destroy())
  })

  static async open(): Promise<PostOffice> {
    const office = new PostOffice()
    await new Promise<void>((resolve) => office.#server.listen(0, '127.0.0.1', resolve))
    return office
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get count(): number {
    return this.#keys.size
  }

  /** Copies that were thrown away. */
  get dropped(): number {
    return this.#dropped
  }

  /** Resolves once so many letters are there. */
  async until(count: number, patience: AbortSignal): Promise<void> {
    while (this.count < count) {
      patience.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const letter of (await json(request)) as readonly Letter[]) this.#take(letter)
    response.end()
  }

  #take({ to, text, key }: Letter): void {
    if (this.#keys.has(key)) {
      this.#dropped += 1
      return
    }
    this.#keys.add(key)
    this.got.set(to, [...(this.got.get(to) ?? []), text])
  }
}
