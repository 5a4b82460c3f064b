import type { ChannelDriver } from '@reachkit/core/spec'

/** A fault of one field: where it is, and what is allowed there. Never holds the value. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Checks the value of one field and adds its faults to the list. */
export type FieldCheck = (value: unknown, path: readonly PropertyKey[], faults: Fault[]) => void

/** A check with one rule. */
export function must(rule: (value: unknown) => boolean, message: string): FieldCheck {
  return (value, path, faults) => {
    if (!rule(value)) faults.push({ path, message })
  }
}

/** True for a plain object of fields. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Runs the check of each field that is there, and refuses fields without one. Undefined counts as left out. */
export function checkFields(checks: Readonly<Record<string, FieldCheck>>, missing: readonly string[]): FieldCheck {
  return (value, path, faults) => {
    if (!isFields(value)) return void faults.push({ path, message: 'must be an object' })
    for (const name of missing) {
      if (value[name] === undefined) faults.push({ path: [...path, name], message: 'is missing' })
    }
    for (const [name, given] of Object.entries(value)) {
      if (given === undefined) continue
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check === undefined) faults.push({ path: [...path, name], message: 'is not a field of this content' })
      else check(given, [...path, name], faults)
    }
  }
}

/** Content of any type, checked by these rules, as a Standard Schema. What passes is answered as it was given. */
export function contentSchemaOf<Content>(check: FieldCheck): ChannelDriver<unknown, Content>['content'] {
  return {
    '~standard': {
      version: 1,
      vendor: 'reachkit',
      validate(value) {
        const faults: Fault[] = []
        check(value, [], faults)
        return faults.length === 0 ? { value: value as Content } : { issues: faults }
      },
    },
  }
}
