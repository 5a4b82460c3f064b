import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface VendorRequest {
  readonly path: string
  readonly to: string
  readonly text?: string
  readonly key: string
  readonly status: number
}

export interface Vendor {
  readonly url: string
  /** Every request, in order, with what was answered. */
  readonly requests: readonly VendorRequest[]
  stop(): Promise<void>
}

/** What is answered to the first requests to an address; 200 to all others. */
const answers: Readonly<Record<string, readonly number[]>> = {
  'slow-down': [429],
  broken: [500],
  nobody: [400],
  'broken@mail.example': [500],
  'slow-down@mail.example': [429],
  'nobody@mail.example': [422],
}

/** An HTTP service that answers 200, 429, 500 and more, as the address asks for. */
export async function startVendor(): Promise<Vendor> {
  const requests: VendorRequest[] = []
  const server = createServer((request, response) => void answer(request, response, requests))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, requests: VendorRequest[]): Promise<void> {
  const { to, text, key } = (await json(request)) as { to: string; text?: string; key?: string }
  const asked = requests.filter((earlier) => earlier.to === to).length
  const status = answers[to]?.[asked] ?? 200
  const path = request.url ?? ''
  requests.push({
    path,
    to,
    ...(text !== undefined && { text }),
    key: key ?? String(request.headers['idempotency-key']),
    status,
  })
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ id: `${path.slice(1)}-${requests.length}` }))
}
