import { checkFields, contentSchemaOf, type FieldCheck, must, oneOf } from '@reachkit/driver-kit'
import { flag, hasUpTo, lineUpTo, listUpTo, textUpTo, webUrl } from '../shared/content-rules.js'

/** What a Telegram message says: `text` as it is, or `html`. */
export interface TelegramContent {
  /** Sent without a parse mode: nothing in it is markup. 4,096 characters. */
  readonly text?: string
  /** Telegram's HTML (`<b>`, `<a href>`, ...); values of templates are escaped. 4,096 characters without the tags. */
  readonly html?: string
  /** Rows of buttons below the text. */
  readonly buttons?: readonly (readonly TelegramButton[])[]
  /** Delivered without a sound. */
  readonly silent?: boolean
  /** False: no preview of the first link. */
  readonly preview?: boolean
}

export interface TelegramButton {
  readonly text: string
  readonly url: string
}

/** "1-4096 characters after entities parsing": what is left of HTML once tags are gone, and an entity is one character. */
const html: FieldCheck = must(
  (value) => typeof value === 'string' && hasUpTo(4_096, visible(value)) && visible(value).trim() !== '',
  'must be text of 1 to 4096 characters without its tags',
)

const button = checkFields({ text: lineUpTo(256), url: webUrl }, ['text', 'url'])

export const telegramContentSchema: ReturnType<typeof contentSchemaOf<TelegramContent>> =
  contentSchemaOf<TelegramContent>(
    oneOf(
      ['text', 'html'],
      checkFields(
        { text: textUpTo(4_096), html, buttons: listUpTo(100, listUpTo(8, button)), silent: flag, preview: flag },
        [],
      ),
    ),
  )

function visible(given: string): string {
  return given.replaceAll(/<[^<>]*>/g, '').replaceAll(/&#?\w{1,31};/g, '_')
}
