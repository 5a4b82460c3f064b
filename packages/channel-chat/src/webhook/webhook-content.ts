import { checkFields, contentSchemaOf, type FieldCheck, isFields, must, oneOf } from '@reachkit/driver-kit'
import { lineUpTo } from '../shared/content-rules.js'

/** What a webhook is told: JSON, or text of another type. */
export interface WebhookContent {
  readonly json?: unknown
  readonly text?: string
  /** The type of the text; `text/plain; charset=utf-8` unless told. */
  readonly contentType?: string
  /** Headers beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Headers that the driver or HTTP itself writes. */
const taken =
  /^(?:webhook-.*|content-.*|idempotency-key|host|connection|transfer-encoding|upgrade|expect|te|trailer|keep-alive|proxy-.*)$/i

const header = must(
  (value) => typeof value === 'string' && /^[\t\x20-\x7e]{1,2000}$/.test(value),
  'must be 1 to 2000 characters of ASCII in one line',
)

const headers: FieldCheck = (value, path, faults) => {
  if (!isFields(value)) return void faults.push({ path, message: 'must be an object of texts' })
  for (const [name, given] of Object.entries(value)) {
    if (!/^[!#$%&'*+.^_`|~\w-]{1,100}$/.test(name) || taken.test(name))
      faults.push({ path, message: 'must have names of headers that the driver does not write itself' })
    header(given, [...path, name], faults)
  }
}

export const webhookContentSchema: ReturnType<typeof contentSchemaOf<WebhookContent>> = contentSchemaOf<WebhookContent>(
  oneOf(
    ['json', 'text'],
    checkFields(
      {
        json: must(isJson, 'must be JSON'),
        text: must((value) => typeof value === 'string', 'must be text'),
        contentType: lineUpTo(100),
        headers,
      },
      [],
    ),
  ),
)

function isJson(value: unknown): boolean {
  try {
    return typeof JSON.stringify(value) === 'string'
  } catch {
    return false
  }
}
