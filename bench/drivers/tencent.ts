// SendSms against the official SDK.
import { tencent } from '@reachkit/channel-sms'
import { sms } from 'tencentcloud-sdk-nodejs-sms'
import { vendorRow, width } from './vendor/vendor-row.js'

const to = '+8618501234444'
const credentials = { secretId: 'AKID', secretKey: 'secret' }
const status = { SerialNo: '5000:1', PhoneNumber: to, Fee: 1, Code: 'Ok', Message: 'send success', IsoCode: 'CN' }

export const tencentRow = vendorRow({
  name: 'drivers/tencent',
  atLeast: 0.9,
  answer: JSON.stringify({ Response: { SendStatusSet: [status], RequestId: 'r-1' } }),
  channel: (endpoint) => tencent({ endpoint, credentials, sdkAppId: '1400006666', sign: '腾讯云', concurrency: width }),
  to,
  content: { text: 'x', vendors: { tencent: { template: '1110', params: ['A1', '99.00'] } } },
  peer(url) {
    const { host } = new URL(url)
    const httpProfile = { endpoint: host, protocol: 'http://' as const }
    const client = new sms.v20210111.Client({
      credential: credentials,
      region: 'ap-guangzhou',
      profile: { httpProfile },
    })
    const input = { PhoneNumberSet: [to], SmsSdkAppId: '1400006666', TemplateId: '1110', SignName: '腾讯云' }
    return { send: async () => client.SendSms({ ...input, TemplateParamSet: ['A1', '99.00'] }) }
  },
})
