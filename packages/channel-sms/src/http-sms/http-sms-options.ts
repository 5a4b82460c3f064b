import {
  isFields,
  optionalSecret,
  type OptionReader,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface HttpSmsOptions extends VendorOptions {
  /** The address of the gateway's call. */
  readonly endpoint: string
  /** How the fields travel: a JSON body, a form, or the query of a GET. `json` unless told. */
  readonly form?: 'json' | 'form' | 'query'
  /** What the gateway calls its fields; `to`, `text` and `from` unless told. `key` is sent only where it is named. */
  readonly fields?: { readonly to?: string; readonly text?: string; readonly from?: string; readonly key?: string }
  readonly from?: string
  /** Fields that every message has. */
  readonly constants?: Readonly<Record<string, string>>
  /** The value of the Authorization header: `Bearer ...`. */
  readonly authorization?: Secret
  /** A password that travels as a field; `secretField` names it. */
  readonly secret?: Secret
  readonly secretField?: string
  /** The path to the message's id in the JSON of an answer: `['result', 'id']`. `['id']` unless told. */
  readonly idAt?: readonly (string | number)[]
  /** The path to a code of refusal in the JSON of an answer. It counts before the id. `['error_code']` unless told. */
  readonly codeAt?: readonly (string | number)[]
  /** The codes at `codeAt` that are no refusal. `0`, `00`, `000`, `200`, `ok` and `success`, in small or large letters, unless told. */
  readonly okCodes?: readonly string[]
  /** For a gateway that answers no JSON: what a body of 2xx looks like where the message was taken. */
  readonly accepted?: RegExp
  /** The gateway drops a second request with the same `fields.key`. */
  readonly deduplicates?: boolean
}

export interface HttpSmsSettings extends VendorSettings {
  readonly form: 'json' | 'form' | 'query'
  readonly fields: {
    readonly to: string
    readonly text: string
    readonly from: string
    readonly key: string | undefined
  }
  readonly from: string | undefined
  readonly constants: Readonly<Record<string, string>>
  readonly authorization: ReadSecret | undefined
  readonly secret: { readonly field: string; readonly read: ReadSecret } | undefined
  readonly idAt: readonly (string | number)[]
  readonly codeAt: readonly (string | number)[]
  isOkCode(code: string): boolean
  readonly accepted: RegExp | undefined
}

const names = [
  'form',
  'fields',
  'from',
  'constants',
  'authorization',
  'secret',
  'secretField',
  'idAt',
  'codeAt',
  'okCodes',
  'accepted',
  'deduplicates',
]

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveHttpSmsOptions(given: HttpSmsOptions): HttpSmsSettings {
  const options = vendorOptionsReader('httpSms', given, names)
  const fields = options.inner('fields', ['to', 'text', 'from', 'key'])
  const key = fields.text('key')
  const deduplicates = options.flag('deduplicates') ?? false
  if (deduplicates && key === undefined) options.refuse('deduplicates', 'left out, unless fields.key is given')
  return {
    ...readVendorOptions(options, { provider: 'http', deduplicates }),
    // The whole address of the call: a `/` at its end is the gateway's own.
    endpoint: options.required(options.webUrl('endpoint'), 'endpoint'),
    form: options.read('form', isForm, "'json', 'form' or 'query'") ?? 'json',
    fields: {
      to: fields.text('to') ?? 'to',
      text: fields.text('text') ?? 'text',
      from: fields.text('from') ?? 'from',
      key,
    },
    from: options.text('from'),
    constants: { ...options.read('constants', isTexts, 'an object of texts') },
    authorization: optionalSecret(options, 'authorization'),
    secret: readSecretField(options),
    idAt: options.read('idAt', isPath, 'a list of names and indexes') ?? ['id'],
    codeAt: options.read('codeAt', isPath, 'a list of names and indexes') ?? ['error_code'],
    isOkCode: okCodesOf(options.read('okCodes', isTextList, 'a list of texts')),
    accepted: options.read('accepted', isRegExp, 'a regular expression'),
  }
}

function readSecretField(options: OptionReader): HttpSmsSettings['secret'] {
  const read = optionalSecret(options, 'secret')
  const field = options.text('secretField')
  if ((read === undefined) !== (field === undefined)) options.refuse('secretField', 'given together with secret')
  return read === undefined || field === undefined ? undefined : { field, read }
}

function isForm(value: unknown): value is HttpSmsSettings['form'] {
  return value === 'json' || value === 'form' || value === 'query'
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isFields(value) && Object.values(value).every((text) => typeof text === 'string')
}

const usualOkCode = /^(0{1,3}|200|ok|success)$/i

function okCodesOf(own: readonly string[] | undefined): HttpSmsSettings['isOkCode'] {
  const codes = own && new Set(own)
  return (code) => codes?.has(code) ?? usualOkCode.test(code)
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function isPath(value: unknown): value is readonly (string | number)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => typeof part === 'string' || Number.isInteger(part))
  )
}

function isRegExp(value: unknown): value is RegExp {
  return value instanceof RegExp
}
