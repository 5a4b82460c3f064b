// A push service in a process of its own: reads what it is sent, and takes it.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createSecureServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { answer, given } from '../../processes/answer.js'

interface Settings {
  readonly speaks: 'http' | 'https' | 'http2'
  readonly tls?: { readonly key: string; readonly cert: string }
}

const { speaks, tls = { key: '', cert: '' } } = given as Settings
const sessions = new Set<ServerHttp2Session>()

const take: RequestListener = (request, response) => {
  request.resume().on('end', () => {
    const token = request.url === '/token'
    response.writeHead(request.url?.startsWith('/push/') === true ? 201 : 200, { 'content-type': 'application/json' })
    response.end(
      token ? '{"access_token":"token","expires_in":3600}' : '{"name":"projects/acme/messages/1","msg_id":"1"}',
    )
  })
}

function create(): Server {
  if (speaks === 'http') return createServer(take)
  if (speaks === 'https') return createTlsServer(tls, take)
  const server = createHttp2Server({ ...tls, settings: { maxConcurrentStreams: 1_000 } })
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200, 'apns-id': headers['apns-id'] }, { endStream: true })
    })
  })
  return server
}

const server = create()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
answer({ port: () => (server.address() as AddressInfo).port }, async () => {
  for (const session of sessions) session.destroy()
  server.close()
})
