import { checkFields, contentSchemaOf, isFields, must } from '@reachkit/driver-kit'

/** What a call says. */
export interface VoiceContent {
  /** What is read out. Vendors that speak by templates of theirs leave it to the template. */
  readonly text: string
  /** The language that it is read in: `en-US`, `zh-CN`; the provider's own unless told. */
  readonly language?: string
  /** How often it is read, 1 to 3; once unless told. */
  readonly times?: number
  readonly vendors?: VoiceVendors
}

/** The templates of vendors, each by the name of its vendor. */
export interface VoiceVendors {
  readonly aliyun?: AliyunCallTemplate
}

/** A text template of Aliyun's voice service. */
export interface AliyunCallTemplate {
  /** The TtsCode: `TTS_...`. */
  readonly template: string
  readonly params?: Readonly<Record<string, string>>
}

const text = must((value) => typeof value === 'string' && value !== '', 'must be text that is not empty')
const language = must(
  (value) => typeof value === 'string' && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(value),
  'must be a language tag, such as en-US',
)
const times = must((value) => value === 1 || value === 2 || value === 3, 'must be 1, 2 or 3')
const params = must(
  (value) => isFields(value) && Object.values(value).every((param) => typeof param === 'string'),
  'must be an object of texts',
)
const vendors = checkFields({ aliyun: checkFields({ template: text, params }, ['template']) }, [])

export const voiceSchema: ReturnType<typeof contentSchemaOf<VoiceContent>> = contentSchemaOf<VoiceContent>(
  checkFields({ text, language, times, vendors }, ['text']),
)
