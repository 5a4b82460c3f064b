import { readFileSync } from 'node:fs'
import { isNotSentError } from '@reachkit/core/spec'
import { startHttpVendor } from '@reachkit/testing'
import { Agent, fetch as fetchOfUndici } from 'undici'
import { describe, expect, it } from 'vitest'
import { createHttp, type HttpSettings, jsonRequest } from '../src/index.js'

const pem = (name: string): string => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8')
const ca = pem('authority')

/** Speaks to a vendor with the certificate; answers what came of it, and how many requests arrived. */
async function outcomeOf(certificate: string, settings: Partial<HttpSettings>): Promise<[string, number]> {
  const text = pem(certificate)
  const vendor = await startHttpVendor({ answers: { accept: { json: { id: 'a1' } } }, tls: { key: text, cert: text } })
  const http = createHttp({ connections: 1, ...settings })
  const { signal } = new AbortController()
  const outcome = await http.send(jsonRequest(vendor.url, { text: 'x' }), { signal, fetch }).then(
    ({ status }) => String(status),
    (error: unknown) => (isNotSentError(error) ? 'not sent: ' : '') + (error as Error).message,
  )
  await http.close()
  await vendor.close()
  return [outcome, vendor.requests.length]
}

describe.each<[string, Partial<HttpSettings>]>([
  ['own connections', { ca }],
  ['a fetch of the app', { fetch: fetchTrusting(ca) }],
])('tls by %s', (_name, settings) => {
  it('takes a certificate of the authority that it trusts', async () => {
    expect(await outcomeOf('good', settings)).toEqual(['200', 1])
  })

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['elsewhere', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['self', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('refuses the certificate %s before anything is sent', async (certificate, code) => {
    expect(await outcomeOf(certificate, settings)).toEqual([`not sent: ${code}`, 0])
  })
})

it('trusts no unknown authority by itself', async () => {
  const [outcome, arrived] = await outcomeOf('good', {})
  expect([outcome, arrived]).toEqual(['not sent: UNABLE_TO_VERIFY_LEAF_SIGNATURE', 0])
})

function fetchTrusting(authority: string): typeof fetch {
  const dispatcher = new Agent({ connect: { ca: authority } })
  return (async (url: string, init: object) => fetchOfUndici(url, { ...init, dispatcher })) as unknown as typeof fetch
}
