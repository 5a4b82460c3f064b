import type { OptionReader } from '@reachkit/driver-kit'

/** An id of Twilio: two letters that say of what, and 32 digits. */
export function readSid(options: OptionReader, field: string, prefix: string): string | undefined {
  const isSid = (value: unknown): value is string =>
    typeof value === 'string' && value.startsWith(prefix) && /^[A-Z]{2}[0-9a-fA-F]{32}$/.test(value)
  return options.read(field, isSid, `${prefix} and 32 hexadecimal digits`)
}
