import { expect, it } from 'vitest'
import { createHttp, jsonRequest } from '../src/index.js'

const request = jsonRequest('https://acme.example/', {})

/** A `fetch` whose answer begins and does not end, and that has no ear for the signal. */
function hanging(first: string): { readonly fetch: typeof fetch; readonly cancelled: () => boolean } {
  let cancelled = false
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(first)),
      cancel: () => void (cancelled = true),
    })
  return { fetch: async () => new Response(body()), cancelled: () => cancelled }
}

it('an answer that does not end is given up with the signal, and let go of', async () => {
  const { fetch, cancelled } = hanging('{"id":')
  const stop = new AbortController()
  const sending = createHttp({ connections: 1, fetch }).send(request, { signal: stop.signal, fetch })
  await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  await expect(sending).rejects.toMatchObject({ name: 'LostAnswerError', reason: 'aborted' })
  await expect.poll(cancelled).toBe(true)
})

it('an answer that is too long is let go of', async () => {
  const { fetch, cancelled } = hanging('x'.repeat(100))
  const sending = createHttp({ connections: 1, fetch, maxAnswerBytes: 99 }).send(request, {
    signal: new AbortController().signal,
    fetch,
  })
  await expect(sending).rejects.toMatchObject({ name: 'LostAnswerError', reason: 'answer too long' })
  await expect.poll(cancelled).toBe(true)
})

it('a fetch that never answers is given up with the signal', async () => {
  const stop = new AbortController()
  const fetch = async (): Promise<never> => new Promise(() => {})
  const sending = createHttp({ connections: 1, fetch }).send(request, { signal: stop.signal, fetch })
  stop.abort()
  await expect(sending).rejects.toMatchObject({ reason: 'aborted' })
})
