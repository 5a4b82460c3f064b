import { expect, test } from 'vitest'
import { runCase } from '../src/conformance/index.js'
import type { Closeable, ConformanceCase } from '../src/conformance/index.js'

/** A correct subject with one fault, and the case that has to see it. */
export interface Mutant<Subject> {
  readonly killedBy: string
  readonly fault: string
  readonly breaks: (subject: Subject) => Subject
}

/** The real thing with some of its methods replaced. */
export function replaced<T extends object>(real: T, faults: Partial<T>): T {
  return new Proxy(real, {
    get(target, key) {
      if (Object.hasOwn(faults, key)) return Reflect.get(faults, key)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The same without one field. */
export function without<T, Field extends keyof T>(whole: T, field: Field): Omit<T, Field> {
  const { [field]: _, ...rest } = whole
  return rest
}

/** A race: whoever calls while another call is under way gets the answer of that one. */
export function together<Arguments extends readonly unknown[], Answer>(
  real: (...values: Arguments) => Promise<Answer>,
): (...values: Arguments) => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return async (...values) => {
    running ??= real(...values).finally(() => {
      running = undefined
    })
    return running
  }
}

/**
 * Each mutant is killed by its case, every case has one, and no mutant breaks half of the suite, which would say little
 * of the one case. Of the others only the quick ones are looked at.
 */
export function testMutants<Subject extends Closeable>(
  cases: readonly ConformanceCase<Subject>[],
  mutants: readonly Mutant<Subject>[],
  open: () => Promise<Subject>,
  quick: (wanted: ConformanceCase<Subject>) => boolean = () => true,
): void {
  for (const { killedBy, fault, breaks } of mutants) {
    test(`${killedBy} | ${fault}`, async () => {
      const broken = async (): Promise<Subject> => breaks(await open())
      const killers = await killersOf(
        cases.filter((wanted) => wanted.name === killedBy || quick(wanted)),
        broken,
      )
      expect(killers).toContain(killedBy)
      expect(killers.length, `it also breaks ${killers.join('; ')}`).toBeLessThan(cases.length / 2)
    })
  }
  test('every case has a mutant', () => {
    const killed = new Set(mutants.map(({ killedBy }) => killedBy))
    expect(cases.map(({ name }) => name).filter((name) => !killed.has(name))).toEqual([])
    expect([...killed].filter((name) => !cases.some((wanted) => wanted.name === name))).toEqual([])
  })
  test('every name is unique', () => expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length))
}

async function killersOf<Subject extends Closeable>(
  cases: readonly ConformanceCase<Subject>[],
  open: () => Promise<Subject>,
): Promise<readonly string[]> {
  const killers: string[] = []
  for (const wanted of cases) {
    await runCase(wanted, open).catch(() => killers.push(wanted.name))
  }
  return killers
}
