import type { IncomingMessage } from 'node:http'

/** A request as it arrived. */
export interface VendorRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  /** The body as JSON; undefined where it is not JSON. */
  readonly json: unknown
  /** The body as the fields of a form. */
  readonly form: URLSearchParams
}

export async function readRequest(request: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const { method = '', url = '', headers } = request
  return { method, url, headers, text, json: parseJson(text), form: new URLSearchParams(text) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
