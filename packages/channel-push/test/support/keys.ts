import { generateKeyPairSync } from 'node:crypto'
import webpush from 'web-push'

/** Keys of this run, as the vendors' consoles hand them out. */
const ecKeys = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
export const ec = ecKeys()
export const otherEc = ecKeys()
export const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
export const vapid = webpush.generateVAPIDKeys()
/** A browser's own keys: nobody decrypts by them here. */
export const browserKeys = { p256dh: vapid.publicKey, auth: 'BTBZMqHH6r4Tts7J_aSIgg' }
