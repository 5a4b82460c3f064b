import { directMail } from '@reachkit/channel-email'
import { aliyunRequest } from '@reachkit/driver-kit'
import { bareRow, post, width } from './vendor/vendor-row.js'

const from = 'shop@example.com'
const [to, subject] = ['ann@example.com', 'Order A1 is paid']
const text = 'Thank you. Order A1 is paid: ¥99.00. It is on its way to you.'
const credentials = { accessKeyId: 'id-1', accessKeySecret: 'secret' }
const form = {
  AccountName: from,
  AddressType: '1',
  ReplyToAddress: 'false',
  ToAddress: to,
  Subject: subject,
  TextBody: text,
}

/** The peer signs by the same code: what is compared is the rest. */
export const directMailRow = bareRow({
  name: 'drivers/directMail',
  answer: '{"EnvId":"600000000000000000","RequestId":"r-1"}',
  channel: (endpoint) => directMail({ endpoint, credentials, from, concurrency: width }),
  to,
  content: { subject, text },
  async bare(endpoint) {
    const call = { endpoint, action: 'SingleSendMail', version: '2015-11-23', form }
    const { url, body, headers } = aliyunRequest(call, credentials, Date.now())
    return post(url, String(body), { ...headers })
  },
})
