/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 hands what an async handler throws to the error handler */
import express, { type ErrorRequestHandler, type Express } from 'express'
import { isReachError } from '@reachkit/core'
import { receiptsOf } from './acme.js'
import type { AppReach } from './reach.js'

export function createApp(reach: AppReach, secret: string): Express {
  const app = express()

  // Accepts and answers: the mail is sent after the response, and retried where it fails.
  app.post('/orders/:id/pay', express.json(), async (request, response) => {
    const { email, amount } = request.body as { email: string; amount: string }
    const accepted = await reach.notify('order.paid', { email }, { orderId: request.params.id, amount })
    response.status(202).json({ message: accepted.id, deduplicated: accepted.deduplicated })
  })

  app.get('/messages/:id', async (request, response) => {
    const events = await reach.timeline(request.params.id)
    response.json(events.map(({ kind }) => kind))
  })

  // The provider's word on what became of a mail. The body is taken as bytes: they are what was signed.
  const receipts = receiptsOf(secret)
  app.post('/webhooks/acme', express.raw({ type: () => true }), async (request, response) => {
    const { method, url, headers, body } = request
    const webhook = { method, url, headers, body: body as Buffer }
    if (!receipts.verify(webhook)) return void response.status(401).end()
    await reach.receipts.record(receipts.parse(webhook))
    response.status(204).end()
  })

  app.use(tellError)
  return app
}

/** What the caller did wrong is the caller's to know: the texts of Reachkit's errors hold no personal data. */
const tellError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const isCallers = isReachError(error, 'REACH_DATA_INVALID') || isReachError(error, 'REACH_RECIPIENT_INVALID')
  if (isCallers) response.status(400).json({ code: error.code, message: error.message })
  else next(error)
}
