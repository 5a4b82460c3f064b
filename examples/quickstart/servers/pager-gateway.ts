import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Page {
  readonly to: string
  readonly text: string
}

export interface PagerGateway {
  readonly url: string
  readonly pages: readonly Page[]
  stop(): Promise<void>
}

/** The gateway of a pager company, on this machine. */
export async function startPagerGateway(): Promise<PagerGateway> {
  const pages: Page[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    pages.push((await json(request)) as Page)
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: `page-${pages.length}` }))
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/pages`,
    pages,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
