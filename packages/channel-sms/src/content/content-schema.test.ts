import { describe, expect, it } from 'vitest'
import { voiceSchema } from '../voice/voice-content.js'
import { contentSchema } from './content-schema.js'

function faultsOf(schema: typeof contentSchema | typeof voiceSchema, content: unknown): string {
  const result = schema['~standard'].validate(content)
  if (result instanceof Promise) throw new Error('answers at once')
  return (result.issues ?? []).map(({ path = [], message }) => `${path.map(String).join('.')} ${message}`).join('; ')
}

describe('content of an SMS', () => {
  it.each<[unknown, string]>([
    [{ text: 'Grüße 😀' }, ''],
    [{ text: 'x', vendors: { aliyun: { template: 'SMS_1', sign: 'a', params: { a: 'b' } } } }, ''],
    [{ text: 'x', vendors: { tencent: { template: '1', params: ['a'] }, twilio: { template: 'HX1' } } }, ''],
    [{}, 'text is missing'],
    [{ text: '' }, 'text must be text that is not empty'],
    [{ text: 'x', vendors: { aliyun: {} } }, 'vendors.aliyun.template is missing'],
    [
      { text: 'x', vendors: { aliyun: { template: 'a', params: ['b'] } } },
      'vendors.aliyun.params must be an object of texts',
    ],
    [
      { text: 'x', vendors: { tencent: { template: 'a', params: { b: 'c' } } } },
      'vendors.tencent.params must be a list of texts',
    ],
    [{ text: 'x', vendors: { alyun: {} } }, 'vendors.alyun is not a field of this content'],
    [{ text: 'x', html: 'y' }, 'html is not a field of this content'],
  ])('%j', (content, faults) => expect(faultsOf(contentSchema, content)).toBe(faults))
})

describe('content of a call', () => {
  it.each<[unknown, string]>([
    [{ text: 'x', language: 'zh-CN', times: 3, vendors: { aliyun: { template: 'TTS_1' } } }, ''],
    [{ text: 'x', language: 'en" onclick' }, 'language must be a language tag, such as en-US'],
    [{ text: 'x', times: 4 }, 'times must be 1, 2 or 3'],
    [{ text: 'x', vendors: { twilio: {} } }, 'vendors.twilio is not a field of this content'],
  ])('%j', (content, faults) => expect(faultsOf(voiceSchema, content)).toBe(faults))
})
