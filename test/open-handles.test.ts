import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { handlesLeft, openHandles } from './support/open-handles.js'

test('sees an interval, a server and a worker that are left, and not once they are closed', async () => {
  const before = openHandles()
  expect(await handlesLeft(before, 0)).toEqual([])
  const interval = setInterval(() => {}, 60_000)
  expect(await handlesLeft(before, 20)).toEqual(['Timeout'])
  clearInterval(interval)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  expect(await handlesLeft(before, 20)).toEqual(['TCPServerWrap'])
  await new Promise((resolve) => server.close(resolve))
  const worker = new Worker('setInterval(() => {}, 60_000)', { eval: true })
  await new Promise((resolve) => worker.once('online', resolve))
  expect(await handlesLeft(before, 20)).toEqual(['Worker'])
  await worker.terminate()
  expect(await handlesLeft(before, 2_000)).toEqual([])
})
