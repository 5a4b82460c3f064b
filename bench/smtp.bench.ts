// The SMTP driver against bare nodemailer: the same pool of 20 connections, the same mails, one server in a process of its
// own. Rounds are interleaved, so that what else the machine does falls on both. Run: node scripts/run.mjs bench smtp
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type EmailContent, smtp } from '@reachkit/channel-email'
import type { ChannelDriver, DeliveryContext } from '@reachkit/core/spec'
import { createTransport } from 'nodemailer'

/** Mails a second in each round. */
export interface Rounds {
  readonly name: string
  readonly ours: readonly number[]
  readonly peer: readonly number[]
}

type Send = (index: number) => Promise<unknown>

const connections = 20
const from = 'Shop <shop@example.com>'

/** `campaign`: many in flight. `single`: one after the other, from 1 connection. */
export async function smtpRounds({ rounds = 7, campaign = 3_000, single = 400 } = {}): Promise<readonly Rounds[]> {
  const server = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./smtp/sink.mjs'))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [output] = await once(server.stdout, 'data')
  const port = Number(output)
  const [ours, peer] = [startOurs(port), startPeer(port)]
  const results = [
    await interleave('campaign', rounds, campaign, connections, ours.send, peer.send),
    await interleave('one by one', rounds, single, 1, ours.send, peer.send),
  ]
  await Promise.all([ours.close(), peer.close()])
  server.stdin.end()
  return results
}

async function interleave(
  name: string,
  rounds: number,
  mails: number,
  inFlight: number,
  ours: Send,
  peer: Send,
): Promise<Rounds> {
  const rates: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  for (let round = -1; round < rounds; round += 1) {
    const one = { ours: await rate(mails, inFlight, ours), peer: await rate(mails, inFlight, peer) }
    if (round < 0) continue // warm-up
    rates.ours.push(one.ours)
    rates.peer.push(one.peer)
  }
  return { name, ...rates }
}

async function rate(mails: number, inFlight: number, send: Send): Promise<number> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < mails) await send(next++)
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: inFlight }, worker))
  return (mails / (performance.now() - started)) * 1_000
}

function contentOf(index: number): EmailContent {
  const line = '<p>A line of a paragraph with some words that go on for a while, say €5 and ¥9.</p>'
  return {
    subject: `Order A${index} is paid`,
    html: `<html><body><p>Hello user ${index}, thank you for your order.</p>${line.repeat(8)}</body></html>`,
    text: `Hello user ${index}, thank you for your order.\n${'A line of words that goes on.\n'.repeat(10)}`,
  }
}

function startOurs(port: number): { readonly send: Send; close(): Promise<void> } {
  const channel = smtp({ host: '127.0.0.1', port, from, pool: { connections, messagesPerConnection: 1_000 } })
  const driver = channel.drivers[0]?.driver as unknown as ChannelDriver<string, EmailContent>
  const send = async (index: number): Promise<void> => {
    const id = `${randomBytes(9).toString('hex')}.0`
    const request = {
      id,
      tenant: 't',
      type: 'order.paid',
      lane: 'P3',
      purpose: 'transactional',
      attempt: 1,
      recipient: { id },
    } as const
    const mail = {
      ...request,
      to: `user${index}@example.com`,
      content: contentOf(index),
      idempotencyKey: `${id}.email`,
    }
    const outcome = await driver.deliver(mail, contextOf())
    if (outcome.kind !== 'sent') throw new Error(`not sent: ${outcome.kind} ${outcome.reason}`)
  }
  return { send, close: async () => driver.close?.() }
}

function startPeer(port: number): { readonly send: Send; close(): Promise<void> } {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: connections,
    maxMessages: 1_000,
  })
  const send = (index: number) => transport.sendMail({ from, to: `user${index}@example.com`, ...contentOf(index) })
  return { send, close: async () => transport.close() }
}

/** As core gives it: a signal for each attempt. */
function contextOf(): DeliveryContext {
  const { signal } = new AbortController()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  return { signal, clock, random: { bytes: randomBytes }, report: () => undefined } as unknown as DeliveryContext
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, ours, peer } of await smtpRounds()) {
    const ratios = ours.map((value, index) => value / (peer[index] ?? Number.NaN))
    console.log(
      `${name}: ours ${median(ours).toFixed(0)}/s, nodemailer ${median(peer).toFixed(0)}/s, ratio ${median(ratios).toFixed(2)}`,
    )
  }
}
