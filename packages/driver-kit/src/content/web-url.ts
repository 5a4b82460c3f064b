import { type FieldCheck, must } from './check.js'

/** True for an http or https address without a user and password, which would show in logs of whoever calls it. */
export function isWebUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || /[\s\p{Cc}]/u.test(value)) return false
  if (!URL.canParse(value)) return false
  const { username, password } = new URL(value)
  return username === '' && password === ''
}

/** Checks an address that people open, of so many bytes at most. */
export function webUrlUpTo(bytes: number): FieldCheck {
  return must(
    (value) => isWebUrl(value) && Buffer.byteLength(value) <= bytes,
    `must be an http or https address without a user and password, at most ${bytes.toLocaleString('en')} bytes`,
  )
}
