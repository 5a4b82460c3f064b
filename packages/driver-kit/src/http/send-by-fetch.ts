import { NotSentError } from '@reachkit/core/spec'
import { BoundedBody } from './bounded-body.js'
import { failureCode, isBeforeSending } from './failure-code.js'
import { createAnswer, type HttpAnswer } from './http-answer.js'
import type { CheckedRequest } from './http-request.js'
import { LostAnswerError } from './lost-answer.js'

/** One call by a `fetch` that the app handed in. No redirect is followed, and the body is read up to a bound. */
export async function sendByFetch(
  fetch: typeof globalThis.fetch,
  { url, method, headers, body }: CheckedRequest,
  signal: AbortSignal,
  maxBytes: number,
): Promise<HttpAnswer> {
  const stop = new AbortController()
  const end = (): void => stop.abort(new LostAnswerError('aborted'))
  signal.addEventListener('abort', end, { once: true })
  try {
    const init = { method, headers: { ...headers }, redirect: 'manual', signal: stop.signal } as const
    const given = fetch(url, body === undefined ? init : { ...init, body })
    const response = await before(stop.signal, given)
    const chunks = await before(stop.signal, readBody(response, maxBytes, stop.signal))
    return createAnswer(response.status, (name) => response.headers.get(name) ?? undefined, chunks)
  } catch (error) {
    throw whatItMeans(error)
  } finally {
    signal.removeEventListener('abort', end)
    // Ends what was not read of an answer.
    stop.abort()
  }
}

async function readBody({ body }: Response, maxBytes: number, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const read = new BoundedBody(maxBytes)
  const reader = body?.getReader()
  // A `fetch` that has no ear for the signal would read on for ever.
  signal.addEventListener('abort', () => void reader?.cancel().catch(() => {}), { once: true })
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined || part.done) return read.chunks
    if (!read.add(part.value)) throw new LostAnswerError('answer too long')
  }
}

/** Ends with the signal even where the other side of `fetch` does not. */
async function before<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let end: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason as Error)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (end !== undefined) signal.removeEventListener('abort', end)
  }
}

function whatItMeans(error: unknown): Error {
  if (error instanceof LostAnswerError) return error
  const code = failureCode(error)
  return isBeforeSending(code) ? new NotSentError(code) : new LostAnswerError(code)
}
