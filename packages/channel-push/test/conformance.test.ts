import { driverCases, runCase, vendorSubject } from '@reachkit/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { fcm, jpush, webPush } from '../src/index.js'
import { delivering } from './support/deliver.js'
import { browserKeys, rsa, vapid } from './support/keys.js'

const body = 'Order A1 is paid'
const content = { title: 'Paid', body }
const token = 'fcm-token-4711:APA91b'
const registration = '140fe1da9e2b4a7c'
const secret = 'open-sesame-77'
const endpointPath = '/push/subscription-4711'
/** What an unkind vendor writes into its answers. */
const gossip = `${token} ${registration} ${endpointPath} was told "${body}" by ${secret}`

/** Each case needs a vendor of its own, and its address is known only then. */
const subjects = {
  webPush: () => {
    const web = { endpoint: '', keys: browserKeys }
    return vendorSubject({
      answers: {
        accept: { status: 201, headers: { location: '/messages/1' } },
        refuse: { status: 400, text: gossip },
        'refuse-address': { status: 410, text: gossip },
        throttle: { status: 429, headers: { 'retry-after': '2' }, text: gossip },
      },
      channel({ url }) {
        web.endpoint = `${url}${endpointPath}`
        return webPush({ ...vapid, subject: 'mailto:ops@example.com', allowPrivate: true })
      },
      to: { web },
      content,
      secrets: [endpointPath, body, vapid.privateKey, browserKeys.auth],
    })
  },
  fcm: () =>
    vendorSubject({
      answers: {
        accept: { json: { name: 'projects/acme/messages/0:1' } },
        refuse: { status: 400, json: { error: { code: 400, status: 'INVALID_ARGUMENT', message: gossip } } },
        'refuse-address': { status: 404, json: fcmError('UNREGISTERED', 'NOT_FOUND') },
        'refuse-inside': { json: { error: { code: 400, status: 'INVALID_ARGUMENT', message: gossip } } },
        throttle: {
          status: 429,
          headers: { 'retry-after': '2' },
          json: fcmError('QUOTA_EXCEEDED', 'RESOURCE_EXHAUSTED'),
        },
      },
      beside: ({ url }) => (url === '/token' ? { json: { access_token: secret, expires_in: 3_599 } } : undefined),
      channel: ({ url }) =>
        fcm({
          endpoint: url,
          serviceAccount: {
            project_id: 'acme',
            client_email: 'push@acme.example',
            private_key: rsa.privateKey,
            token_uri: `${url}/token`,
          },
        }),
      to: { fcm: token },
      content,
      secrets: [token, body, secret, rsa.privateKey, rsa.privateKey.split('\n')[1] ?? ''],
    }),
  jpush: () =>
    vendorSubject({
      answers: {
        accept: { json: { sendno: '0', msg_id: '1828256757' } },
        refuse: { status: 400, json: { error: { code: 1003, message: gossip } } },
        'refuse-inside': { json: { error: { code: 1005, message: gossip } } },
        throttle: {
          status: 429,
          headers: { 'x-rate-limit-reset': '2' },
          json: { error: { code: 2002, message: gossip } },
        },
      },
      channel: ({ url }) => jpush({ endpoint: url, appKey: 'a'.repeat(24), masterSecret: secret }),
      to: { jpush: registration },
      content,
      secrets: [registration, body, secret, Buffer.from(`${'a'.repeat(24)}:${secret}`).toString('base64')],
    }),
}

function fcmError(errorCode: string, status: string) {
  const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }]
  return { error: { code: 400, message: gossip, status, details } }
}

/** What drivers load when they first send may take long on a busy machine; the cases have five seconds each. */
beforeAll(async () => {
  const { deliver, driver } = await delivering(
    webPush({ ...vapid, subject: 'mailto:ops@example.com', allowPrivate: true }),
  )
  await deliver({ web: { endpoint: 'http://127.0.0.1:9/push', keys: browserKeys } }, content)
  await driver.close?.()
})

describe.for(Object.entries(subjects))('%s', ([, subject]) => {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, subject(), (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})
