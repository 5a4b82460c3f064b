import { type DeliveryContext, NotSentError } from '@reachkit/core/spec'
import { Connections } from './connections.js'
import type { HttpAnswer } from './http-answer.js'
import { checkRequest, type HttpRequest } from './http-request.js'
import { defaultMaxAnswerBytes, type HttpSettings } from './http-settings.js'
import { RefusedRequestError } from './lost-answer.js'
import { isPrivateHost } from './private-address.js'
import { sendByFetch } from './send-by-fetch.js'

/** What a call needs of the attempt that makes it. */
export type CallContext = Pick<DeliveryContext, 'signal' | 'fetch'>

/** HTTP calls of one driver. */
export interface Http {
  /**
   * One call, one try; ends when the signal is aborted. No redirect is followed. Answers whatever the vendor answers.
   * Throws `NotSentError` where the request certainly never left, `LostAnswerError` where it may have arrived and no
   * answer came, `RefusedRequestError` where it cannot be sent as it is. None of them shows the url or what was sent.
   */
  send(request: HttpRequest, context: CallContext): Promise<HttpAnswer>
  /** Ends the connections that were opened here. */
  close(): Promise<void>
}

/** The `fetch` of Node. Whatever else `createReach` hands in was put there by the app, or by a test of it. */
const fetchOfNode = globalThis.fetch

/** Speaks through undici, by connections of its own; through the app's `fetch` where there is one. */
export function createHttp(settings: HttpSettings): Http {
  const { maxAnswerBytes = defaultMaxAnswerBytes, refusePrivate = false } = settings
  const connections = new Connections(settings)
  return {
    async send(given, context) {
      const request = checkRequest(given)
      if ('reason' in request) throw new RefusedRequestError(request.reason, request.isCredential)
      if (refusePrivate && isPrivateHost(request.target)) throw new RefusedRequestError('private address')
      if (context.signal.aborted) throw new NotSentError('aborted')
      const handedIn = settings.fetch ?? (refusePrivate ? undefined : handedInBy(context))
      if (handedIn !== undefined) return sendByFetch(handedIn, request, context.signal, maxAnswerBytes)
      return connections.send(request, context.signal, maxAnswerBytes)
    },
    close: async () => connections.close(),
  }
}

function handedInBy({ fetch }: CallContext): typeof fetch | undefined {
  return fetch === fetchOfNode ? undefined : fetch
}
