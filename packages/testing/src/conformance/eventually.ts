import type { TimedSubject } from './subject.js'

/** Tries an assertion again and again while time passes, and rejects with its last error after `withinMs`. */
export async function eventually(
  subject: TimedSubject,
  withinMs: number,
  assertion: () => Promise<void>,
): Promise<void> {
  const stepMs = Math.ceil(withinMs / 20)
  for (let passed = 0; passed < withinMs; passed += stepMs) {
    try {
      return await assertion()
    } catch {
      await subject.advance(stepMs)
    }
  }
  return assertion()
}
