import { type FieldCheck, isFields } from '@reachkit/driver-kit'

/** Content that has exactly one of these fields. */
export function oneOf(names: readonly string[]): FieldCheck {
  return (value, path, faults) => {
    if (isFields(value) && names.filter((name) => value[name] !== undefined).length !== 1)
      faults.push({ path, message: `must have one of ${names.join(', ')}` })
  }
}
