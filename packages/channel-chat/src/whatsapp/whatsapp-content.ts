import { checkFields, contentSchemaOf, type FieldCheck, must, oneOf } from '@reachkit/driver-kit'
import { lineUpTo, listUpTo, textsUpTo, textUpTo, webUrl } from '../shared/content-rules.js'

/** A template that Meta has approved, and what fills it. */
export interface WhatsAppContent {
  /** The name of the template: `order_paid`. */
  readonly template: string
  /** The language that it was approved in: `en_US`. */
  readonly language: string
  /** What fills the header, where it is a variable: a text, or the https address of a file. */
  readonly header?: WhatsAppHeader
  /** What fills the body: in order for `{{1}}`, by name for named parameters. */
  readonly body?: readonly string[] | Readonly<Record<string, string>>
  /** What fills the buttons that have a variable. */
  readonly buttons?: readonly WhatsAppButton[]
}

export interface WhatsAppHeader {
  readonly text?: string
  readonly image?: string
  readonly video?: string
  readonly document?: string
}

export interface WhatsAppButton {
  /** The place of the button in the template, from 0. */
  readonly index: number
  /** `url`: the end of its address, or the code of a one-time password. `quick_reply`: the payload. `copy_code`: the code. */
  readonly type: 'url' | 'quick_reply' | 'copy_code'
  readonly value: string
}

const values = textUpTo(32_768)
const body: FieldCheck = (value, path, faults) =>
  (Array.isArray(value) ? listUpTo(100, values) : textsUpTo(32_768))(value, path, faults)

const header = oneOf(
  ['text', 'image', 'video', 'document'],
  checkFields({ text: textUpTo(60), image: webUrl, video: webUrl, document: webUrl }, []),
)

const button = checkFields(
  {
    index: must((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9, 'must be 0 to 9'),
    type: must(
      (value) => value === 'url' || value === 'quick_reply' || value === 'copy_code',
      'must be url, quick_reply or copy_code',
    ),
    value: textUpTo(2_000),
  },
  ['index', 'type', 'value'],
)

export const whatsappContentSchema: ReturnType<typeof contentSchemaOf<WhatsAppContent>> =
  contentSchemaOf<WhatsAppContent>(
    checkFields({ template: lineUpTo(512), language: lineUpTo(20), header, body, buttons: listUpTo(10, button) }, [
      'template',
      'language',
    ]),
  )

/** Body values by name and by place. */
export function bodyValues(content: WhatsAppContent): readonly { readonly name?: string; readonly text: string }[] {
  const { body: given = [] } = content
  if (isTexts(given)) return given.map((text) => ({ text }))
  return Object.entries(given).map(([name, text]) => ({ name, text }))
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value)
}
