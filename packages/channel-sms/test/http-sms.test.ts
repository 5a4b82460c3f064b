import { driverCases, runCase, vendorSubject } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { httpSms } from '../src/index.js'

const to = '+4915112345678'
const text = 'Order A1 is paid'
const secret = 'open-sesame-77'
const gossip = `${to} was told "${text}" by ${secret}`

const open = vendorSubject({
  answers: {
    accept: { json: { result: { id: 4711 } } },
    refuse: { status: 400, json: { error: gossip } },
    'refuse-inside': { json: { code: 'E7', error: gossip } },
    throttle: { status: 429, headers: { 'retry-after': '2' }, text: gossip },
  },
  key: ({ form }) => form.get('key') ?? undefined,
  channel: ({ url }) =>
    httpSms({
      endpoint: `${url}/send`,
      form: 'form',
      fields: { to: 'msisdn', key: 'key' },
      idAt: ['result', 'id'],
      codeAt: ['code'],
      secret,
      secretField: 'password',
      deduplicates: true,
    }),
  to,
  content: { text },
  secrets: [to, text, secret],
})

describe('httpSms', () => {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, open, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})
