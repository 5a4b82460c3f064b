// Publish by our driver against the bare SDK; and by the thin client against the same SDK.
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { sns, type SnsOptions } from '@reachkit/channel-sms'
import { aws, awsAnswer, text } from './vendor/aws.js'
import { type Peer, vendorRow, width } from './vendor/vendor-row.js'

const to = '+12025550123'

function bare(url: string): Peer {
  const client = new SNSClient({ ...aws, endpoint: url, maxAttempts: 1 })
  const attribute = { DataType: 'String', StringValue: 'Transactional' }
  const input = { PhoneNumber: to, Message: text, MessageAttributes: { 'AWS.SNS.SMS.SMSType': attribute } }
  return {
    // With a signal of its own, as where each message has its own deadline.
    send: async () => client.send(new PublishCommand(input), { abortSignal: new AbortController().signal }),
    close: () => client.destroy(),
  }
}

function row(name: string, atLeast: number, options: Pick<SnsOptions, 'client'>): ReturnType<typeof vendorRow> {
  return vendorRow({
    name,
    atLeast,
    answer: awsAnswer('Publish'),
    type: 'text/xml',
    channel: (endpoint) => sns({ ...aws, endpoint, concurrency: width, ...options }),
    to,
    content: { text },
    peer: bare,
  })
}

export const snsRow = row('drivers/sns', 0.9, {})
export const snsThinRow = row('drivers/sns-thin', 4, { client: 'thin' })
