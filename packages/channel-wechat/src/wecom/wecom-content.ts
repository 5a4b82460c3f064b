import { checkFields, contentSchemaOf, type FieldCheck, must, oneOf, webUrlUpTo } from '@reachkit/driver-kit'
import { utf8Text } from './utf8-text.js'

/** What a message to a member says: plain text, Markdown, or a card. */
export type WecomContent =
  | {
      /** 2,048 bytes at most. Line breaks and links (`<a href="...">`) are shown. */
      readonly text: string
    }
  | {
      /** 2,048 bytes at most. Shown in WeCom, not in WeChat. */
      readonly markdown: string
    }
  | { readonly card: WecomCard }

/** A card that leads somewhere. */
export interface WecomCard {
  /** 128 characters at most. */
  readonly title: string
  /** 512 characters at most. */
  readonly description: string
  readonly url: string
  /** What the button says: 4 characters at most; "Details" in the reader's language unless told. */
  readonly button?: string
}

const letters = (most: number): FieldCheck =>
  must(
    (value) =>
      typeof value === 'string' && new RegExp(`^[^\\p{Cc}]{1,${most}}$`, 'u').test(value.replaceAll('\n', ' ')),
    `must be text of 1 to ${most} characters`,
  )

const card = checkFields(
  {
    title: letters(128),
    description: letters(512),
    url: webUrlUpTo(2_048),
    button: letters(4),
  },
  ['title', 'description', 'url'],
)
const fields = checkFields({ text: utf8Text(2_048), markdown: utf8Text(2_048), card }, [])

/** The limits are those of "Send app messages" (https://developer.work.weixin.qq.com/document/path/90236). */
export const wecomContentSchema: ReturnType<typeof contentSchemaOf<WecomContent>> = contentSchemaOf<WecomContent>(
  oneOf(['text', 'markdown', 'card'], fields),
)
