import { checkFields, contentSchemaOf, isFields, must, oneOf } from '@reachkit/driver-kit'
import { lineUpTo, listUpTo, textUpTo } from '../shared/content-rules.js'

/** What a Feishu (Lark) robot says: `text` as it is, or a card. The whole of it may have 20 KB. */
export interface FeishuContent {
  /** Nothing in it is markup: no value can call everybody of the group. */
  readonly text?: string
  /** Above the text. */
  readonly title?: string
  /** Whose attention is called for below the text: open ids of members, or `all`. */
  readonly at?: readonly string[]
  /** A message card as Feishu defines it ("Card JSON"). Its texts are markup, and values in it are not escaped. */
  readonly card?: Readonly<Record<string, unknown>>
}

export const feishuContentSchema: ReturnType<typeof contentSchemaOf<FeishuContent>> = contentSchemaOf<FeishuContent>(
  oneOf(
    ['text', 'card'],
    checkFields(
      {
        text: textUpTo(20_000),
        title: lineUpTo(1_000),
        at: listUpTo(
          100,
          must((value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value), 'must be an open id, or all'),
        ),
        card: must(isFields, 'must be an object'),
      },
      [],
    ),
  ),
)
