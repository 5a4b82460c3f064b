import { isNotSentError, isReachError, ReachError } from '@reachkit/core/spec'
import {
  createHttp,
  type Http,
  type HttpAnswer,
  type HttpRequest,
  jsonRequest,
  LostAnswerError,
  queryText,
  RefusedRequestError,
} from '@reachkit/driver-kit'
import type { HttpDirectorySettings } from './options.js'
import { signatureOf } from './signature.js'

/** Requests to the service of an app: one call, one try. What fails is `REACH_DIRECTORY_UNAVAILABLE`, without what was asked. */
export class Service {
  readonly #settings: HttpDirectorySettings
  readonly #http: Http

  constructor(settings: HttpDirectorySettings) {
    this.#settings = settings
    this.#http = createHttp(settings.http)
  }

  /** What it answers to a POST of JSON, as JSON. */
  async post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#ask(jsonRequest(this.#settings.url + path, body), signal)
  }

  async get(path: string, query: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<unknown> {
    return this.#ask({ method: 'GET', url: `${this.#settings.url}${path}?${queryText(query)}` }, signal)
  }

  async close(): Promise<void> {
    await this.#http.close()
  }

  async #ask(request: HttpRequest, signal: AbortSignal): Promise<unknown> {
    let answer: HttpAnswer
    try {
      answer = await this.#http.send(await this.#withHeaders(request), { signal, fetch })
    } catch (error) {
      throw failure(error)
    }
    if (!answer.ok) throw unavailable(`answered ${answer.status}`, `HTTP_${answer.status}`)
    if (answer.json === undefined) throw unavailable('answered no JSON', 'NO_JSON')
    return answer.json
  }

  async #withHeaders(request: HttpRequest): Promise<HttpRequest> {
    const { headers, bearer, hmac } = this.#settings
    const all: Record<string, string> = { accept: 'application/json', ...request.headers, ...headers }
    if (bearer !== undefined) all['authorization'] = `Bearer ${await bearer()}`
    if (hmac !== undefined) all['reachkit-signature'] = signed(request, await hmac())
    return { ...request, headers: all }
  }
}

function signed({ method, url, body }: HttpRequest, secret: string): string {
  const { pathname, search } = new URL(url)
  const timestamp = Math.floor(Date.now() / 1_000)
  const parts = { path: pathname + search, timestamp, body: typeof body === 'string' ? body : '' }
  return signatureOf({ ...parts, method: method === 'POST' ? 'POST' : 'GET' }, secret)
}

/** The signal's own reason passes: the guard, or the caller, has ended it. */
function failure(error: unknown): Error {
  if (isReachError(error)) return error
  if (error instanceof LostAnswerError || error instanceof RefusedRequestError) {
    return unavailable(`could not be asked: ${error.reason}`, codeOf(error.reason))
  }
  if (isNotSentError(error)) return unavailable('could not be asked', codeOf(error.message))
  return unavailable('could not be asked', 'UNKNOWN')
}

function codeOf(reason: string): string {
  return reason
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .slice(0, 60)
}

export function unavailable(text: string, code: string): ReachError {
  const cause = Object.assign(new Error(text), { code })
  return new ReachError('REACH_DIRECTORY_UNAVAILABLE', `the service of the app ${text}`, { cause })
}
