import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { VendorRequest } from '@reachkit/testing'

/** What AWS does with a request: signs it once more by AWS's own signer and compares. False for a wrong key or body. */
export async function isSignedBy(
  request: VendorRequest,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string },
  service: string,
  region: string,
): Promise<boolean> {
  const authorization = String(request.headers['authorization'])
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]))
  const hash = headers['x-amz-content-sha256']
  if (hash !== undefined && hash !== createHash('sha256').update(request.text).digest('hex')) return false
  const date = String(request.headers['x-amz-date'])
  const { 'x-amz-date': _date, 'x-amz-security-token': _token, ...rest } = headers
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256, applyChecksum: false })
  const { headers: signed } = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: request.url,
      headers: rest,
      body: request.text,
    },
    { signingDate: dateOf(date), signableHeaders: new Set(names) },
  )
  const signatureOf = (text: string | undefined): string | undefined => /Signature=(\w+)/.exec(text ?? '')?.[1]
  return signatureOf(signed['authorization']) === signatureOf(authorization)
}

/** `20260601T000000Z` */
function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3:$4:$5Z'))
}

class Sha256 {
  readonly #hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest())
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}
