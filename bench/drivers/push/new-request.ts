import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** A POST over a connection of its own, with TLS where a certificate is to be trusted. */
export function newRequest(url: string, authorization: string, body: string, ca?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const request = ca === undefined ? requestHttp : requestHttps
    const sent = request(url, { method: 'POST', headers, agent: false, ca }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('refused'))))
    })
    sent.on('error', reject).end(body)
  })
}
