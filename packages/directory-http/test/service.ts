import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Asked {
  readonly method: string | undefined
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface TestService {
  readonly url: string
  readonly asked: Asked[]
  /** What answers from now on. */
  answer: (asked: Asked, response: ServerResponse) => void
  close(): Promise<void>
}

/** A service on this machine that answers as it is told. */
export async function startService(answer: TestService['answer']): Promise<TestService> {
  const server = createServer((request, response) => void serve(request, response))
  const service: TestService = {
    url: '',
    asked: [],
    answer,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const asked = { method: request.method, url: request.url ?? '', headers: request.headers, body }
    service.asked.push(asked)
    service.answer(asked, response)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(service, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/people` })
}

export function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}
