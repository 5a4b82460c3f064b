import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import { NotSentError } from '@reachkit/core/spec'
import { type HttpAnswer, LostAnswerError } from '@reachkit/driver-kit'
import { apnsAnswer } from './apns-answer.js'

/** Answers of APNs are a reason and a time. */
const mostAnswerBytes = 64 * 1_024

export interface StreamOptions {
  readonly signal: AbortSignal
  /** True for a stream that the server said it has not looked at. */
  readonly refused: (stream: ClientHttp2Stream) => boolean
}

/**
 * Reads the answer of a stream whose request is written. Throws NotSentError where the server has certainly not looked at it
 * (RFC 9113, 8.7: a refused stream, or one after the last that a GOAWAY names), LostAnswerError where nobody knows.
 */
export async function answerOf(stream: ClientHttp2Stream, { signal, refused }: StreamOptions): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let headers: IncomingHttpHeaders | undefined
  let length = 0
  let failure: string | undefined
  const stop = (reason: string): void => {
    failure ??= reason
    stream.close(constants.NGHTTP2_CANCEL)
  }
  const abort = (): void => stop('aborted')
  signal.addEventListener('abort', abort, { once: true })
  stream.on('response', (given) => (headers = given))
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > mostAnswerBytes) stop('answer too long')
    else chunks.push(chunk)
  })
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      stream.on('error', (error: NodeJS.ErrnoException) => (failure ??= error.code ?? 'failed'))
      stream.on('close', () => {
        const whole = stream.rstCode === constants.NGHTTP2_NO_ERROR && stream.readableEnded
        if (failure === undefined && whole && headers !== undefined)
          return resolve(apnsAnswer(headers, Buffer.concat(chunks)))
        const never = stream.pending || stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || refused(stream)
        reject(never ? new NotSentError(failure ?? 'refused') : new LostAnswerError(failure ?? 'closed'))
      })
      if (signal.aborted) abort()
    })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
