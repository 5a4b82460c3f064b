// An HTTP vendor that hands out an access token, reads every other request and answers the same to all of them.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, given } from '../../processes/answer.js'

const { text, type } = given as { readonly text: string; readonly type: string }
const token = JSON.stringify({ access_token: 'token-1', expires_in: 7_200 })

// Connections are kept, however long the other side of the comparison takes.
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const said = /^\/cgi-bin\/(stable_token|gettoken)/.test(request.url ?? '') ? token : text
  request.resume().once('end', () => response.writeHead(200, { 'content-type': type }).end(said))
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
