import { type FieldCheck, must } from '@reachkit/driver-kit'

/** Control characters but line break and tab: JSON can only write them as \u00xx, which WeCom refuses (40033). */
const control = /[^\P{Cc}\n\t]/u

/**
 * Text of at most so many bytes of UTF-8. WeCom cuts off what is longer, and answers that all is well: so it is refused here.
 */
export function utf8Text(bytes: number): FieldCheck {
  return must(
    (value) => typeof value === 'string' && value !== '' && !control.test(value) && Buffer.byteLength(value) <= bytes,
    `must be text that is not empty, at most ${bytes.toLocaleString('en')} bytes of UTF-8, without control characters`,
  )
}
