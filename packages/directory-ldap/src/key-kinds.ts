import type { OptionReader } from '@reachkit/driver-kit'
import { attributeName } from './attribute-name.js'

/** What the values of a key look like. */
export type KeyKind = 'uuid' | 'whole'

/** Keys as numbers, so that their ranges can be told. */
interface KeySpace {
  readonly least: bigint
  readonly most: bigint
  write(key: bigint): string
  /** Undefined for what is no key. */
  read(text: string): bigint | undefined
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

export const keySpaces: Readonly<Record<KeyKind, KeySpace>> = {
  uuid: {
    least: 0n,
    most: 2n ** 128n - 1n,
    write: (key) =>
      key
        .toString(16)
        .padStart(32, '0')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    read: (text) => (uuid.test(text) ? BigInt(`0x${text.replaceAll('-', '')}`) : undefined),
  },
  whole: {
    least: 0n,
    most: 2n ** 63n - 1n,
    write: String,
    read: (text) => (/^\d{1,19}$/.test(text) ? BigInt(text) : undefined),
  },
}

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readKey(options: OptionReader | undefined): { readonly attribute: string; readonly kind: KeyKind } {
  if (options === undefined) return { attribute: 'entryUUID', kind: 'uuid' }
  const attribute = attributeName('key.attribute', options.text('attribute'))
  return { attribute, kind: options.required(options.read('kind', isKind, 'uuid or whole'), 'kind') }
}

function isKind(value: unknown): value is KeyKind {
  return value === 'uuid' || value === 'whole'
}
