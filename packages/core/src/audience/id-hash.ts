import { hash } from 'node:crypto'

/** The first bytes of SHA-256 over a text, a character each. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'binary')
}

/** A number made of some bytes of a digest, at most six. */
export function numberAt(digest: string, from: number, bytes: number): number {
  let number = 0
  for (let index = from; index < from + bytes; index++) number = number * 256 + digest.charCodeAt(index)
  return number
}
