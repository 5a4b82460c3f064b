import { driverCases, runCase, type CounterpartMode, type DriverSubject } from '@reachkit/testing'
import { expect, test } from 'vitest'
import { acmeMail } from '../examples/custom-channel/acme-mail.js'

const answers: Readonly<Partial<Record<CounterpartMode, () => Response>>> = {
  accept: () => Response.json({ id: 'acme-1' }),
  refuse: () => new Response('no', { status: 400 }),
  'refuse-address': () => new Response('no such mailbox', { status: 422 }),
  throttle: () => new Response('slowly', { status: 429, headers: { 'retry-after': '2' } }),
  rubbish: () => new Response('<html>', { status: 200 }),
}

/** Acme's side: a `fetch` that does as it is told, and keeps the keys that arrive. */
function acme() {
  let mode: CounterpartMode = 'accept'
  const keys: (string | undefined)[] = []
  async function answer(_url: unknown, { headers, signal }: RequestInit = {}): Promise<Response> {
    signal?.throwIfAborted()
    if (mode === 'break-before')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
    keys.push(new Headers(headers).get('idempotency-key') ?? undefined)
    if (mode === 'break-after')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })
    const { [mode]: make } = answers
    if (make !== undefined) return make()
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  }
  const counterpart: DriverSubject['counterpart'] = {
    modes: ['accept', 'refuse', 'refuse-address', 'throttle', 'rubbish', 'break-before', 'break-after', 'hang'],
    tell: (wanted) => void (mode = wanted),
    keys: () => keys,
    connections: () => 0,
  }
  return { fetch: answer, counterpart }
}

function subject(): DriverSubject {
  const [provider] = acmeMail({ url: 'https://acme.example/mails', apiKey: 'key-77' }).drivers
  if (provider === undefined) throw new Error('the channel has no provider')
  return {
    driver: provider.driver,
    ...acme(),
    to: 'ann@mail.example',
    content: { subject: 'Hello', text: 'Ann, come in' },
    secrets: ['ann@mail.example', 'come in', 'key-77'],
    close: async () => {},
  }
}

const cases = driverCases.map((wanted) => [wanted.name, wanted] as const)

test.each(cases)('acme, %s', async (_, wanted) => {
  const notOwed: string[] = []
  await runCase(wanted, subject, (why) => notOwed.push(why))
  expect(
    notOwed.every((why) => /receipts|deliverBatch|estimate|close: waits|trickle|flood|inside|redirect/.test(why)),
  ).toBe(true)
})
