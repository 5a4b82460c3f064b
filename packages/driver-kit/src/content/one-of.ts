import { type FieldCheck, isFields } from './check.js'

/** The check, and exactly one of these fields. */
export function oneOf(names: readonly string[], check: FieldCheck): FieldCheck {
  return (value, path, faults) => {
    check(value, path, faults)
    if (isFields(value) && names.filter((name) => value[name] !== undefined).length !== 1)
      faults.push({ path, message: `must have ${names.join(' or ')}, and no more than one of them` })
  }
}
