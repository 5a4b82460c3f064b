import type { ChannelDriver } from '@reachkit/core/spec'

/** A schema that takes everything as it is. */
export const anySchema: ChannelDriver['address'] = {
  '~standard': { version: 1, vendor: 'reachkit-testing', validate: (value) => ({ value }) },
}
