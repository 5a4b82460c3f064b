import type { DriverFields } from '../../src/index.js'

const schema = { '~standard': { version: 1, vendor: 'acme', validate: (value: unknown) => ({ value }) } } as const
/** A channel that takes whatever it is given. */
export const fields: DriverFields<'acme', unknown, unknown> = {
  specVersion: 1,
  channel: 'acme',
  addressing: 'address',
  address: schema,
  content: schema,
  html: [],
}
