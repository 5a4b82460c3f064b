// An HTTP vendor that reads a request and answers the same to all of them.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, given } from '../../processes/answer.js'

const { text } = given as { readonly text: string }

const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(text))
})

answer(
  {
    async listen() {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  },
  async () => server.closeAllConnections(),
)
