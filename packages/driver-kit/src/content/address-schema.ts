import type { ChannelDriver } from '@reachkit/core/spec'

/**
 * Addresses of any type as a Standard Schema: `read` answers the address as drivers get it, or undefined. `message` says what
 * is allowed; the value is never shown.
 */
export function addressSchemaOf<Address>(
  read: (value: unknown) => Address | undefined,
  message: string,
): ChannelDriver<Address, never>['address'] {
  return {
    '~standard': {
      version: 1,
      vendor: 'reachkit',
      validate(value) {
        const address = read(value)
        return address === undefined ? { issues: [{ message }] } : { value: address }
      },
    },
  }
}
