import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

export interface AcmeService {
  readonly url: string
  readonly subjects: readonly string[]
  /** Posts to a webhook that a mail was delivered, signed; answers the status of the response. */
  report(webhookUrl: string, id: string, secret: string): Promise<number>
  stop(): Promise<void>
}

/** The other side: a mail provider on this machine, which takes its time. */
export async function startAcme(): Promise<AcmeService> {
  const subjects: string[] = []
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { subject } = (await json(request)) as { subject: string }
    await delay(100)
    subjects.push(subject)
    response.end(JSON.stringify({ id: `acme-${subjects.length}` }))
  }
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mails`,
    subjects,
    async report(webhookUrl, id, secret) {
      const body = JSON.stringify([{ id, event: 'delivered' }])
      const signature = createHmac('sha256', secret).update(body).digest('hex')
      const { status } = await fetch(webhookUrl, { method: 'POST', body, headers: { 'x-acme-signature': signature } })
      return status
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
