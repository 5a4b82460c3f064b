import { NotSentError } from '@reachkit/core/spec'
import type { Dispatcher } from 'undici'
import { BoundedBody } from './bounded-body.js'
import { failureCode } from './failure-code.js'
import { createAnswer, type HttpAnswer } from './http-answer.js'
import { LostAnswerError, RefusedRequestError } from './lost-answer.js'
import { privateAddressCode } from './public-lookup.js'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * One request on a connection of ours. undici tells when it begins to write (`onRequestStart`): whatever fails before
 * that, the request certainly never left; whatever fails after it, nobody knows.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>
  readonly #signal: AbortSignal
  readonly #body: BoundedBody
  readonly #abort = (): void => this.#fail('aborted')
  #resolve: (answer: HttpAnswer) => void = () => {}
  #reject: (error: Error) => void = () => {}
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Headers = {}
  #ended = false

  constructor(signal: AbortSignal, maxBytes: number) {
    this.#signal = signal
    this.#body = new BoundedBody(maxBytes)
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    signal.addEventListener('abort', this.#abort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It waited for a connection longer than it may: nothing is written.
    if (this.#ended) return controller.abort(new Error('aborted'))
    this.#controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 1xx: the answer itself is still to come.
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended && !this.#body.add(chunk)) this.#fail('answer too long')
  }

  onResponseEnd(): void {
    if (this.#ended) return
    this.#end()
    this.#resolve(createAnswer(this.#status, (name) => single(this.#headers[name]), this.#body.chunks))
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(failureCode(error))
  }

  #fail(code: string): void {
    if (this.#ended) return
    this.#end()
    this.#reject(this.#controller === undefined ? neverLeft(code) : new LostAnswerError(code))
    this.#controller?.abort(new Error(code))
  }

  #end(): void {
    this.#ended = true
    this.#signal.removeEventListener('abort', this.#abort)
  }
}

function neverLeft(code: string): Error {
  return code === privateAddressCode ? new RefusedRequestError('private address') : new NotSentError(code)
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
