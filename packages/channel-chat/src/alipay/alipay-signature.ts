import { type KeyObject, sign, verify } from 'node:crypto'

/** RSA2: SHA-256 with RSA, over the parameters in the order of their names (Alipay, "Signing by oneself": https://opendocs.alipay.com/common/02kf5q). */
export function signAlipay(parameters: Readonly<Record<string, string>>, key: KeyObject): string {
  return sign('sha256', Buffer.from(signedText(parameters)), key).toString('base64')
}

export function signedText(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .toSorted()
    .map((name) => `${name}=${parameters[name] ?? ''}`)
    .join('&')
}

/** True where Alipay signed this text (Alipay, "Verifying by oneself": https://opendocs.alipay.com/common/02mse7). */
export function isSignedByAlipay(text: string, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

/**
 * The object of a member of JSON as it is written, since that is what is signed; undefined where there is none. The text must
 * have been parsed before.
 */
export function rawMember(json: string, name: string): string | undefined {
  const opening = new RegExp(`"${name}"\\s*:\\s*(?=\\{)`).exec(json)
  if (opening === null) return undefined
  const start = opening.index + opening[0].length
  let depth = 0
  for (const { 0: token, index } of json.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') depth += 1
    if (token === '}') depth -= 1
    if (depth === 0) return json.slice(start, start + index + 1)
  }
  return undefined
}
