import type { IncomingHttpHeaders } from 'node:http2'
import type { HttpAnswer } from '@reachkit/driver-kit'

/** An answer of HTTP/2 in the form that all drivers read. */
export function apnsAnswer(headers: IncomingHttpHeaders & { ':status'?: number }, body: Buffer): HttpAnswer {
  const status = headers[':status'] ?? 0
  const text = body.toString()
  return {
    status,
    ok: status >= 200 && status < 300,
    header: (name) => single(headers[name]),
    text,
    json: jsonOf(text),
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
