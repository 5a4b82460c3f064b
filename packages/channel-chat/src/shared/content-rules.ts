import { type FieldCheck, isFields, isWebUrl, must } from '@reachkit/driver-kit'

/** Text that is not empty, of so many characters at most: an emoji of one code point counts as one. */
export function textUpTo(max: number): FieldCheck {
  return must(
    (value) => typeof value === 'string' && value !== '' && hasUpTo(max, value),
    `must be text of 1 to ${max} characters`,
  )
}

/** True for text of so many code points at most. */
export function hasUpTo(max: number, text: string): boolean {
  return text.length <= max || (text.length <= 2 * max && Array.from(text).length <= max)
}

/** Like `textUpTo`, of one line. */
export function lineUpTo(max: number): FieldCheck {
  return must(
    (value) => typeof value === 'string' && value !== '' && value.length <= max && !/\p{Cc}/u.test(value),
    `must be text of one line, 1 to ${max} characters`,
  )
}

export const flag: FieldCheck = must((value) => typeof value === 'boolean', 'must be true or false')

export const webUrl: FieldCheck = must(isWebUrl, 'must be an http or https address without a user and password')

/** A list of 1 to `max`, each of which passes the check. */
export function listUpTo(max: number, check: FieldCheck): FieldCheck {
  return (value, path, faults) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > max)
      return void faults.push({ path, message: `must be a list of 1 to ${max}` })
    for (const [index, item] of value.entries()) check(item, [...path, index], faults)
  }
}

/** An object of texts, none of them empty; `max` characters each. */
export function textsUpTo(max: number): FieldCheck {
  const text = textUpTo(max)
  return (value, path, faults) => {
    if (!isFields(value)) return void faults.push({ path, message: 'must be an object of texts' })
    for (const [name, item] of Object.entries(value)) text(item, [...path, name], faults)
  }
}
