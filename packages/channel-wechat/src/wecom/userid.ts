import { addressSchemaOf } from '@reachkit/driver-kit'

/** One userid ("Create member"). `@all` and lists (`ann|bob`) would send to more people than the message is for. */
export const useridSchema: ReturnType<typeof addressSchemaOf<string>> = addressSchemaOf(
  (value) => (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/.test(value) ? value : undefined),
  'must be one userid: 1 to 64 letters, digits, and ., -, _ or @ that are not its beginning',
)
