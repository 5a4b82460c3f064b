/** Sends the request up to the first byte of its body, and ends there; one without a body ends before its answer. */
export function endsAfterFirstByte(send: typeof fetch, end: () => Promise<never>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    if (request.body === null) return endsBeforeAnswer(send, end)(request)
    const body = new Uint8Array(await request.arrayBuffer())
    let isOut = false
    const firstByte = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          // Asked for more: what it was given before is written.
          if (isOut) return end()
          isOut = true
          controller.enqueue(body.subarray(0, 1))
        },
      },
      { highWaterMark: 0 },
    )
    const { url, method, headers, signal } = request
    const started: RequestInit & { readonly duplex: 'half' } = {
      method,
      headers,
      signal,
      body: firstByte,
      duplex: 'half',
    }
    return send(url, started)
  }
}

/** Sends the request as it is, and ends once the head of the answer is there. */
export function endsBeforeAnswer(send: typeof fetch, end: () => Promise<never>): typeof fetch {
  return async (input, init) => {
    await send(input, init)
    return end()
  }
}
