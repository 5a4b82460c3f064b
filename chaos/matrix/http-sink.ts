import { createServer } from 'node:http'
import { listen } from '../process/listen.js'

export interface HttpSink {
  readonly url: string
  /** How much this recipient of this case got. */
  count(name: string, recipient: number): number
  close(): Promise<void>
}

/** A provider with an HTTP interface: it has a message once the whole request is there, and answers a little later. */
export async function startHttpSink(): Promise<HttpSink> {
  const got = new Map<string, number>()
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const { to } = JSON.parse(body) as { readonly to: string }
      const place = `${request.url ?? ''} ${to}`
      got.set(place, (got.get(place) ?? 0) + 1)
      setTimeout(() => response.end('{}'), 10)
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    count: (name, recipient) => got.get(`/${name} r-${recipient}`) ?? 0,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
