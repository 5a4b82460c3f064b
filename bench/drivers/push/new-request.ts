import { request } from 'node:http'

/** A POST over a connection of its own. */
export function newRequest(url: string, authorization: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('refused'))))
    })
    sent.on('error', reject).end(body)
  })
}
