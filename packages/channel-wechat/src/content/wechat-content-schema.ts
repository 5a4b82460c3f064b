import { checkFields, contentSchemaOf, type FieldCheck, isFields, must, webUrlUpTo } from '@reachkit/driver-kit'
import { templateData } from './template-data.js'
import type { WechatContent } from './wechat-content.js'

const template = must(
  (value) => typeof value === 'string' && /^[\w-]{1,128}$/.test(value),
  "must be a template's id: letters, digits, - and _",
)
const page = must(
  (value) => typeof value === 'string' && /^[^\p{Cc}]{1,1024}$/u.test(value),
  'must be a path of one line, 1,024 characters at most',
)
const url = webUrlUpTo(2_048)
const appId = must(
  (value) => typeof value === 'string' && /^\w{1,64}$/.test(value),
  'must be the appid of a mini-program',
)

const officialAccount = checkFields(
  { template, data: templateData, url, miniProgram: checkFields({ appId, page }, ['appId']) },
  ['template', 'data'],
)
const miniProgram = checkFields({ template, data: templateData, page }, ['template', 'data'])
const each = checkFields({ officialAccount, miniProgram }, [])

const vendors: FieldCheck = (value, path, faults) => {
  each(value, path, faults)
  if (!isFields(value)) return
  if (value['officialAccount'] === undefined && value['miniProgram'] === undefined)
    faults.push({ path, message: 'must have officialAccount or miniProgram' })
}

export const wechatContentSchema: ReturnType<typeof contentSchemaOf<WechatContent>> = contentSchemaOf<WechatContent>(
  checkFields({ vendors }, ['vendors']),
)
