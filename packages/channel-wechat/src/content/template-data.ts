import { type FieldCheck, isFields } from '@reachkit/driver-kit'

interface Rule {
  readonly fits: RegExp
  readonly allowed: string
}

const anything = (most: number): Rule => ({
  fits: new RegExp(`^.{1,${most}}$`, 'u'),
  allowed: `1 to ${most} characters`,
})

/**
 * What the name of a value says about it, by the table "Limits of subscribe-message parameters" in "Send a subscribe
 * message" (https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html);
 * that of official accounts ("Template messages", https://developers.weixin.qq.com/doc/service/guide/product/template_message/)
 * is a part of it. A value that does not fit is refused with 47003. Forms of dates and times are left to WeChat.
 */
const rules: ReadonlyMap<string, Rule> = new Map([
  ['thing', anything(20)],
  ['const', anything(20)],
  ['number', { fits: /^-?\d{1,32}(?:\.\d{1,32})?$/, allowed: 'a number of at most 32 digits' }],
  ['letter', { fits: /^[A-Za-z]{1,32}$/, allowed: '1 to 32 letters from A to Z' }],
  ['symbol', { fits: /^[^\p{L}\p{N}]{1,5}$/u, allowed: '1 to 5 symbols' }],
  [
    'character_string',
    { fits: /^[^\p{Script=Han}]{1,32}$/u, allowed: '1 to 32 digits, letters or symbols, none of them Chinese' },
  ],
  [
    'amount',
    {
      fits: /^[^\p{L}\p{N}]?\d{1,10}(?:\.\d{1,10})?元?$/u,
      allowed: 'one currency symbol and at most 10 digits, with decimals',
    },
  ],
  ['phone_number', { fits: /^[\d+\-()# *]{1,17}$/, allowed: '1 to 17 digits and symbols' }],
  [
    'car_number',
    {
      fits: /^[\p{Script=Han}A-Za-z\d][A-Za-z\d]{0,6}[\p{Script=Han}A-Za-z\d]?$/u,
      allowed: 'at most 8 letters and digits, the first and the last may be Chinese',
    },
  ],
  [
    'name',
    {
      fits: /^(?:(?=.*\p{Script=Han}).{1,10}|[^\p{Script=Han}]{1,20})$/u,
      allowed: 'at most 10 characters with Chinese among them, or 20 without',
    },
  ],
  ['phrase', { fits: /^\p{Script=Han}{1,5}$/u, allowed: '1 to 5 Chinese characters' }],
])

/** The values of a template: texts of one line that fit what their names say. */
export const templateData: FieldCheck = (value, path, faults) => {
  if (!isFields(value)) return void faults.push({ path, message: 'must be an object of texts' })
  for (const [name, text] of Object.entries(value)) {
    const message = faultOf(name, text)
    if (message !== undefined) faults.push({ path: [...path, name], message })
  }
}

function faultOf(name: string, text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return 'must be text that is not empty'
  // `thing1`, and also `thing01`: a kind and a number.
  const kind = /^([a-z_]+?)\d+$/.exec(name)?.[1]
  const rule = kind === undefined ? undefined : rules.get(kind)
  if (rule === undefined) return undefined
  if (/\p{Cc}/u.test(text)) return 'must be text of one line'
  return rule.fits.test(text) ? undefined : `must be ${rule.allowed}`
}
