import { checkFields, contentSchemaOf, type FieldCheck, isFields, must } from '@reachkit/driver-kit'
import type { SmsContent } from './sms-content.js'

const text = must((value) => typeof value === 'string' && value !== '', 'must be text that is not empty')
const params = must(
  (value) => isFields(value) && Object.values(value).every((param) => typeof param === 'string'),
  'must be an object of texts',
)
const paramList = must(
  (value) => Array.isArray(value) && value.every((param) => typeof param === 'string'),
  'must be a list of texts',
)

const vendors: FieldCheck = checkFields(
  {
    aliyun: checkFields({ template: text, sign: text, params }, ['template']),
    tencent: checkFields({ template: text, sign: text, params: paramList }, ['template']),
    twilio: checkFields({ template: text, params }, ['template']),
  },
  [],
)

export const contentSchema: ReturnType<typeof contentSchemaOf<SmsContent>> = contentSchemaOf<SmsContent>(
  checkFields({ text, vendors }, ['text']),
)
