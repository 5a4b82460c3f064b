import { type FieldCheck, isFields, must } from './check.js'

/** The check, and exactly one of these fields. */
export function oneOf(names: readonly string[], check: FieldCheck): FieldCheck {
  return (value, path, faults) => {
    check(value, path, faults)
    if (isFields(value) && names.filter((name) => value[name] !== undefined).length !== 1)
      faults.push({ path, message: `must have ${names.join(' or ')}, and no more than one of them` })
  }
}

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

/** True for the name that an app gave a robot (a webhook, an endpoint): an address that is no secret. */
export function isRobotName(value: unknown): value is string {
  return typeof value === 'string' && /^[\p{L}\p{N}._-]{1,64}$/u.test(value)
}
