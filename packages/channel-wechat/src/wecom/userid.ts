import type { ChannelDriver } from '@reachkit/core/spec'

const refusal = {
  issues: [{ message: 'must be one userid: 1 to 64 letters, digits, and ., -, _ or @ that are not its beginning' }],
} as const

/** One userid ("Create member"). `@all` and lists (`ann|bob`) would send to more people than the message is for. */
export const useridSchema: ChannelDriver<string>['address'] = {
  '~standard': {
    version: 1,
    vendor: 'reachkit',
    validate: (value) =>
      typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/.test(value) ? { value } : refusal,
  },
}
