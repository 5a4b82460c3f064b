import { checkFields, contentSchemaOf, type FieldCheck, isFields } from '@reachkit/driver-kit'
import { lineUpTo, textsUpTo } from '../shared/content-rules.js'

/** A template of an Alipay mini-program, and what fills it. */
export interface AlipayContent {
  /** The id of the template (`user_template_id`). */
  readonly template: string
  /** The page of the mini-program that a tap opens: `pages/order/index?id=A1`. */
  readonly page: string
  /** What fills the template: `{ keyword1: 'A1' }`. 50 characters each, 2,048 as JSON. */
  readonly data: Readonly<Record<string, string>>
  /** The number of the form or of the payment that allows this message; left out for templates of subscriptions. */
  readonly formId?: string
}

/** What is longer is refused with USER_KEYWORD_LENGTH_ERROR. */
const texts = textsUpTo(50)
const data: FieldCheck = (value, path, faults) => {
  texts(value, path, faults)
  if (isFields(value) && dataText(value).length > 2_048)
    faults.push({ path, message: 'must be at most 2048 characters as JSON' })
}

export const alipayContentSchema: ReturnType<typeof contentSchemaOf<AlipayContent>> = contentSchemaOf<AlipayContent>(
  checkFields({ template: lineUpTo(64), page: lineUpTo(128), data, formId: lineUpTo(64) }, [
    'template',
    'page',
    'data',
  ]),
)

/** Values as the template takes them: `{"keyword1":{"value":"A1"}}`. */
export function dataText(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])))
}
