import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface SesStandIn {
  readonly endpoint: string
  /** The forms posted so far. */
  readonly calls: readonly URLSearchParams[]
  /** Resolves when the next call has come whole. */
  called(): Promise<unknown>
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

/** Answers each call of the SES API as told: the emulators know no errors. Port 0: any. */
export async function startSesStandIn(answer: (response: ServerResponse) => void, port = 0): Promise<SesStandIn> {
  const calls: URLSearchParams[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => void take(request, response))
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    calls.push(new URLSearchParams(await readText(request)))
    server.emit('called')
    answer(response)
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    called: () => once(server, 'called'),
    connections: () => sockets.size,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An error as the Query API writes it ("Query responses" in the SES Developer Guide). */
export function sesError(status: number, code: string, message: string): (response: ServerResponse) => void {
  const type = status < 500 ? 'Sender' : 'Receiver'
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${xmlText(message)}</Message></Error>`
  const xml = `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${error}<RequestId>r1</RequestId></ErrorResponse>`
  return (response) => void response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
}

export function sesTaken(messageId: string): (response: ServerResponse) => void {
  const result = `<SendRawEmailResult><MessageId>${messageId}</MessageId></SendRawEmailResult>`
  const xml = `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">${result}</SendRawEmailResponse>`
  return (response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(xml)
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
