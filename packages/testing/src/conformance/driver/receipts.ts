import assert from 'node:assert/strict'
import type { ReceiptSource, WebhookRequest } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import type { DriverSubject } from './subject.js'

function webhookOf({ driver, webhook }: DriverSubject): { source: ReceiptSource; request: WebhookRequest } {
  assert(driver.receipts !== undefined && webhook !== undefined)
  return { source: driver.receipts, request: webhook.request }
}

const told = ({ driver, webhook }: DriverSubject): boolean => driver.receipts !== undefined && webhook !== undefined

export const receiptCases: readonly ConformanceCase<DriverSubject>[] = [
  {
    name: 'receipts: what the provider signed is true, and read',
    promise: '`verify` is true only for what the provider signed; `parse` is called after that.',
    when: told,
    async run(subject) {
      const { source, request } = webhookOf(subject)
      assert.equal(await source.verify(request), true)
      assert.deepEqual(await source.parse(request), subject.webhook?.receipts)
    },
  },
  {
    name: 'receipts: what was changed or not signed is not',
    promise: '`verify` is true only for what the provider signed.',
    when: told,
    async run(subject) {
      const { source, request } = webhookOf(subject)
      const body = Uint8Array.from(request.body)
      const last = body.length - 1
      body[last] = (body[last] ?? 0) ^ 1
      for (const forged of [
        { ...request, body },
        { ...request, headers: {}, url: request.url.replace(/\?.*/, '') },
      ]) {
        assert.equal(await source.verify(forged), false)
      }
    },
  },
]
