import assert from 'node:assert/strict'
import { aliyunCall, twilioCall } from '@reachkit/channel-sms'
import { createReach, message } from '@reachkit/core'
import { startHttpVendor } from '@reachkit/testing'

const serverDown = message('server.down', {
  priority: 'P0',
  ttl: '10m',
  content: {
    voice: {
      text: 'Server db-1 is down.',
      language: 'en-US',
      times: 2,
      vendors: { aliyun: { template: 'TTS_1', params: { host: 'db-1' } } },
    },
  },
})
const to = { voice: '+8615900001234' }

/** A call that reads an alert out, by Twilio and by Aliyun, to stand-ins of their APIs. */
export async function voiceCalls(): Promise<void> {
  const twilioApi = await startHttpVendor({
    answers: { accept: { status: 201, json: { sid: 'CA1', status: 'queued' } } },
  })
  const aliyunApi = await startHttpVendor({ answers: { accept: { json: { Code: 'OK', CallId: '1^2' } } } })
  const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', from: '+12025550199' }
  const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' }
  const byTwilio = createReach({
    messages: [serverDown],
    channels: { voice: twilioCall({ ...account, endpoint: twilioApi.url }) },
  })
  const byAliyun = createReach({
    messages: [serverDown],
    channels: { voice: aliyunCall({ credentials, endpoint: aliyunApi.url }) },
  })
  for (const reach of [byTwilio, byAliyun]) {
    const accepted = await reach.notify('server.down', to)
    assert.equal((await accepted.settled()).outcome, 'sent')
    await reach.stop()
  }
  assert.equal(
    twilioApi.requests[0]?.form.get('Twiml'),
    '<Response><Say language="en-US" loop="2">Server db-1 is down.</Say></Response>',
  )
  const { searchParams } = new URL(aliyunApi.requests[0]?.url ?? '', aliyunApi.url)
  assert.deepEqual([searchParams.get('CalledNumber'), searchParams.get('TtsCode')], ['15900001234', 'TTS_1'])
  await twilioApi.close()
  await aliyunApi.close()
}
