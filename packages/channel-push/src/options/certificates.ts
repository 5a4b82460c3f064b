import type { OptionReader } from '@reachkit/driver-kit'

/** The option `ca`: certificates to trust in place of those of Node. */
export function readCertificates(options: OptionReader): string | undefined {
  return options.read('ca', isPem, 'certificates in PEM')
}

function isPem(value: unknown): value is string {
  return typeof value === 'string' && value.includes('BEGIN CERTIFICATE')
}
