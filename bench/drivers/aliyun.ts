// SendSms and SingleCallByTts against the same signed calls by `fetch`: the official SDK takes 33 MB.
import { aliyun, aliyunCall } from '@reachkit/channel-sms'
import { type AliyunCall, aliyunRequest } from '@reachkit/driver-kit'
import { post, vendorRow, width } from './vendor/vendor-row.js'

const credentials = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
const to = '+8615900001234'
const version = '2017-05-25'

function signed(call: AliyunCall): Promise<string> {
  const { url, headers = {}, body = '' } = aliyunRequest(call, credentials, Date.now())
  return post(url, String(body), headers)
}

export const aliyunRow = vendorRow({
  name: 'drivers/aliyun',
  atLeast: 0.9,
  answer: JSON.stringify({ Code: 'OK', BizId: '9006^0', Message: 'OK', RequestId: 'r-1' }),
  channel: (endpoint) => aliyun({ endpoint, credentials, sign: '签名', concurrency: width }),
  to,
  content: { text: 'x', vendors: { aliyun: { template: 'SMS_1', params: { id: 'A1' } } } },
  peer: (endpoint) => {
    const query = { PhoneNumbers: to.slice(1), SignName: '签名', TemplateCode: 'SMS_1', TemplateParam: '{"id":"A1"}' }
    return { send: async () => signed({ endpoint, action: 'SendSms', version, query }) }
  },
})

export const aliyunCallRow = vendorRow({
  name: 'drivers/aliyun-call',
  atLeast: 0.9,
  answer: JSON.stringify({ Code: 'OK', CallId: '1^2', Message: 'OK', RequestId: 'r-1' }),
  channel: (endpoint) => aliyunCall({ endpoint, credentials, concurrency: width }),
  to,
  content: { text: 'x', vendors: { aliyun: { template: 'TTS_1', params: { id: 'A1' } } } },
  peer: (endpoint) => {
    const query = { CalledNumber: to.slice(3), TtsCode: 'TTS_1', TtsParam: '{"id":"A1"}', PlayTimes: '1' }
    return { send: async () => signed({ endpoint, action: 'SingleCallByTts', version, query }) }
  },
})
