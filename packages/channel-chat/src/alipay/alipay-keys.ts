import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** A key as one line of base64: without the lines of PEM around it, and without line breaks. */
export function oneLine(text: string): string {
  return text.replaceAll(/-----[A-Z ]+-----|\s/g, '')
}

/** The app's private key, PKCS #8 or PKCS #1 (Alipay's own tool writes both); undefined where it is none. */
export function privateKeyOf(text: string): KeyObject | undefined {
  const der = Buffer.from(oneLine(text), 'base64')
  return (
    attempt(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })) ??
    attempt(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }))
  )
}

/** Alipay's public key; undefined where it is none. */
export function publicKeyOf(text: string): KeyObject | undefined {
  return attempt(() => createPublicKey({ key: Buffer.from(oneLine(text), 'base64'), format: 'der', type: 'spki' }))
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    const key = read()
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}
