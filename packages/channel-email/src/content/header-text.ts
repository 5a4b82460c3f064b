import { must, type FieldCheck } from '@reachkit/driver-kit'

// Every control character but the tab; CR and LF would begin a header of their own (RFC 5322, 2.2).
const control = /[^\P{Cc}\t]/u

/** True for text that fits into one header: no control character, 10,000 characters, no run that cannot be folded. */
export function isHeaderText(value: unknown): value is string {
  if (typeof value !== 'string' || control.test(value)) return false
  return value.length < 900 || (value.length <= 10_000 && !/\S{900}/.test(value))
}

/** Text of a header that must not be blank. */
export const headerText: FieldCheck = must(
  (value) => isHeaderText(value) && value.trim() !== '',
  'must be text of one line that is not blank, without control characters, 10,000 characters at most',
)
