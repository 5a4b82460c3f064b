import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it, vi } from 'vitest'
import { Sockets } from './sockets.js'

it('closing drops a socket that is still connecting, and nobody is told of it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = new Sockets()
  const answer = vi.fn<Parameters<Sockets['open']>[3]>()
  sockets.open('127.0.0.1', (server.address() as AddressInfo).port, 1_000, answer)
  await sockets.closed()
  expect(answer).not.toHaveBeenCalled()
  server.close()
})
