// An HTTP service with Express that notifies in a route and takes its provider's webhooks. It starts, is called as its
// clients would call it, and is stopped as a deployment stops it. Read app.ts and service.ts first.
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { startAcme } from './acme-service.js'
import { startService } from './service.js'

const secret = 'not a secret'
const acme = await startAcme()
const service = await startService({ acmeUrl: acme.url, secret })

const first = await pay('A1', 'ann@mail.example')
assert.equal(first.status, 202)
console.log('POST /orders/A1/pay: 202, accepted')

const again = await pay('A1', 'ann@mail.example')
assert.deepEqual(again.body, { ...first.body, deduplicated: true })
console.log('POST /orders/A1/pay once more: the same message, deduplicated')

const wrong = await post('/orders/A2/pay', { email: 'ann@mail.example' })
assert.deepEqual([wrong.status, wrong.body.code], [400, 'REACH_DATA_INVALID'])
console.log(`POST without an amount: 400, ${wrong.body.message}`)

await until(async () => (await events(first.body.message)).includes('sent'))
assert.equal(await acme.report(`${service.url}/webhooks/acme`, 'acme-1', 'a wrong secret'), 401)
assert.equal(await acme.report(`${service.url}/webhooks/acme`, 'acme-1', secret), 204)
assert.deepEqual(await events(first.body.message), ['accepted', 'sent', 'done', 'delivered'])
console.log('POST /webhooks/acme: 401 with a wrong signature, 204 with the right one; the mail is delivered')

const last = await pay('A3', 'ben@mail.example')
assert.equal(last.status, 202)
process.kill(process.pid, 'SIGTERM')
await service.ended
assert.deepEqual(acme.subjects, ['Order A1 is paid', 'Order A3 is paid'])
await assert.rejects(fetch(service.url))
await acme.stop()
console.log('SIGTERM: it waited for the mail in flight, and stopped')
console.log('checked: two mails, one receipt, no duplicate')

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<'message' | 'code', string>>
}

async function post(path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

function pay(orderId: string, email: string): Promise<Answer> {
  return post(`/orders/${orderId}/pay`, { email, amount: '99.00 €' })
}

async function events(id: string): Promise<string[]> {
  const response = await fetch(`${service.url}/messages/${id}`)
  return (await response.json()) as string[]
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 5_000; Date.now() < end; await delay(20)) if (await condition()) return
  throw new Error('it took longer than 5 s')
}
