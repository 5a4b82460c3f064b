import { createHmac } from 'node:crypto'
import type { AudiencePage } from '@reachkit/core/spec'
import { afterEach, describe, expect, expectTypeOf, it, test } from 'vitest'
import { z } from 'zod'
import { http, type HttpOptions, type HttpPeople, signatureOf } from '../src/index.js'
import { json, startService, type TestService } from './service.js'

const { signal } = new AbortController()
const context = { signal, tenant: 'main' }
const audienceContext = { ...context, now: () => 0 }

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

async function serviceThat(answer: TestService['answer']): Promise<TestService> {
  const service = await startService(answer)
  opened.push(async () => service.close())
  return service
}

function peopleOf({ url }: { url: string }, options: Partial<HttpOptions> = {}): HttpPeople {
  const people = http({ url, ...options })
  opened.push(async () => people.close())
  return people
}

async function failureOf(work: Promise<unknown>): Promise<{ code: unknown; cause: unknown; text: string }> {
  const error: unknown = await work.catch((caught: unknown) => caught)
  const { code, cause } = error as { code: unknown; cause?: { code: unknown } }
  return { code, cause: cause?.code, text: String(error) }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('A directory behind HTTP', () => {
  it('asks for people by their ids, and takes none that it did not ask for', async () => {
    const service = await serviceThat((_, response) =>
      json(response, {
        recipients: [
          { id: 'änn', addresses: { email: 'ann@example.com' }, locale: 'de' },
          { id: 'eve', addresses: { email: 'eve@example.com' } },
          { id: 7, addresses: {} },
          { id: 'bob' },
          null,
        ],
      }),
    )
    const { directory } = peopleOf(service, { headers: { 'x-app': 'shop' } })
    expect(await directory.recipients(['änn', 'bob'], context)).toEqual([
      { id: 'änn', addresses: { email: 'ann@example.com' }, locale: 'de' },
    ])
    expect(service.asked).toMatchObject([
      {
        method: 'POST',
        url: '/people/recipients',
        body: '{"ids":["änn","bob"],"tenant":"main"}',
        headers: { 'x-app': 'shop' },
      },
    ])
    expect('members' in directory).toBe(false)
  })

  it('asks for members where the service has them', async () => {
    const service = await serviceThat((_, response) => json(response, { ids: ['a', 7, 'b'] }))
    const { directory } = peopleOf(service, { members: true })
    expect(await directory.members?.(['ops'], context)).toEqual(['a', 'b'])
    expect(service.asked[0]).toMatchObject({ url: '/people/members', body: '{"groups":["ops"],"tenant":"main"}' })
  })

  it('carries a token that is asked for each time, and a signature that the service can check', async () => {
    const service = await serviceThat((_, response) => json(response, { recipients: [] }))
    let token = 0
    const { directory } = peopleOf(service, { bearer: async () => `t${++token}`, hmac: 'geheim' })
    await directory.recipients(['a'], context)
    await directory.recipients(['b'], context)
    expect(service.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2'])
    for (const { method, url, headers, body } of service.asked) {
      const [, timestamp, mac] = /^t=(\d+),v1=([\da-f]{64})$/.exec(String(headers['reachkit-signature'])) ?? []
      expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(60)
      expect(mac).toBe(createHmac('sha256', 'geheim').update(`${timestamp}.${method}.${url}.${body}`).digest('hex'))
    }
    // Made with `printf '1.POST./a?b=1.{}' | openssl dgst -sha256 -hmac key`.
    expect(signatureOf({ method: 'POST', path: '/a?b=1', timestamp: 1, body: '{}' }, 'key')).toBe(
      't=1,v1=aa460c1257c8c7c9f653184b8c0638b5b97e5b01fdc51b7a01414990ccc3002a',
    )
  })

  const bad: readonly [string, TestService['answer'], string][] = [
    ['an error', (_, response) => void response.writeHead(503).end('secret'), 'HTTP_503'],
    ['a redirect', (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), 'HTTP_302'],
    ['no JSON', (_, response) => void response.end('<html>secret</html>'), 'NO_JSON'],
    ['half of JSON', (_, response) => void response.end('{"recipients":[{"id":"a"'), 'NO_JSON'],
    ['another kind of JSON', (_, response) => json(response, [1, 2]), 'NO_LIST'],
    ['null', (_, response) => json(response, null), 'NO_LIST'],
    [
      '10 MB',
      (_, response) => json(response, { recipients: [], more: 'x'.repeat(10 * 1_024 * 1_024) }),
      'ANSWER_TOO_LONG',
    ],
    ['a connection that breaks', (_, response) => void response.destroy(), 'UND_ERR_SOCKET'],
  ]
  test.each(bad)('%s is a failure with its code, and nothing of what was said', async (_, answer, code) => {
    const service = await serviceThat(answer)
    const { directory } = peopleOf(service, { bearer: 'geheim' })
    const failure = await failureOf(directory.recipients(['ann@example.com'], context))
    expect(failure).toMatchObject({ code: 'REACH_DIRECTORY_UNAVAILABLE', cause: code })
    expect(failure.text).not.toMatch(/secret|geheim|ann@|127\.0\.0\.1/)
    expect(service.asked).toHaveLength(1)
  })

  it('ends with the time-out where the answer drips, and the connection with it', async () => {
    let drips: NodeJS.Timeout | undefined
    opened.push(async () => clearInterval(drips))
    const { promise: gone, resolve } = withResolver()
    const service = await serviceThat((_, response) => {
      response.on('close', resolve)
      response.writeHead(200, { 'content-type': 'application/json' })
      drips = setInterval(() => response.write(' '), 10)
    })
    const { directory } = peopleOf(service, { timeout: '300ms' })
    const failure = await failureOf(directory.recipients(['a'], context))
    expect(failure.text).toMatch(/did not answer within 300 ms/)
    await gone
  })

  it('is left alone where nobody is there', async () => {
    const service = await startService(() => {})
    await service.close()
    const { directory } = peopleOf(service, { breaker: { failures: 2, pause: '1h' } })
    const failures = []
    for (let call = 0; call < 3; call += 1) failures.push(await failureOf(directory.recipients(['a'], context)))
    expect(failures.map(({ cause }) => cause)).toEqual(['ECONNREFUSED', 'ECONNREFUSED', undefined])
    expect(failures[2]?.text).toMatch(/left alone/)
  })

  it('shows no secret', () => {
    const people = http({ url: 'https://crm.example', bearer: 'geheim', hmac: 'geheim' })
    expect(JSON.stringify(people)).not.toContain('geheim')
  })
})

describe('An audience behind HTTP', () => {
  const rows = Array.from({ length: 25 }, (_, index) => `u${index}`)

  function answerOf({ url, body }: { url: string; body: string }): unknown {
    const { pathname, searchParams } = new URL(url, 'http://service')
    const args: unknown = JSON.parse(searchParams.get('args') ?? 'null')
    if (pathname.endsWith('/count')) return { count: rows.length, args }
    if (pathname.endsWith('/zones')) return { zones: ['Asia/Shanghai', null] }
    if (pathname.endsWith('/has')) return { has: (JSON.parse(body).ids as string[]).map((id) => rows.includes(id)) }
    const from = Number(searchParams.get('cursor'))
    const to = from + Math.min(10, Number(searchParams.get('limit')))
    const items = rows.slice(from, to).map((id) => ({ id, columns: { args, zones: searchParams.get('zones') } }))
    return to < rows.length ? { items, next: `${to}` } : { items }
  }

  it('is read by pages with the cursors of the service', async () => {
    const service = await serviceThat((asked, response) => json(response, answerOf(asked)))
    const lapsed = peopleOf(service).audience('lapsed', {
      args: z.object({ days: z.number() }),
      count: true,
      has: true,
      zones: true,
    })
    expectTypeOf(lapsed).parameter(0).toEqualTypeOf<{ days: number }>()
    expect(lapsed({ days: 3 })).toEqual({ kind: 'named', name: 'lapsed', args: { days: 3 } })
    const source = await lapsed.open({ days: 3 }, audienceContext)
    const pages: AudiencePage[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: AudiencePage = await source.page({ cursor, limit: 500 })
      pages.push(page)
      cursor = page.next
    }
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(rows)
    expect(pages[0]?.items[0]).toEqual({ id: 'u0', columns: { args: { days: 3 }, zones: null } })
    expect(service.asked[0]?.url).toBe(
      '/people/audiences/lapsed?cursor=&limit=500&tenant=main&args=%7B%22days%22%3A3%7D',
    )
    expect(await source.count?.()).toBe(25)
    expect(await source.has?.(['u1', 'x'])).toEqual([true, false])
    expect(await source.zones?.()).toEqual(['Asia/Shanghai', null])
    const page = await source.page({ cursor: '20', limit: 10, zones: ['Asia/Shanghai', null] })
    expect(page.items[0]?.columns?.['zones']).toBe('["Asia/Shanghai",null]')
  })

  it('says only what the service can', async () => {
    const service = await serviceThat((asked, response) => json(response, answerOf(asked)))
    const source = await peopleOf(service).audience('all').open(null, audienceContext)
    expect(Object.keys(source)).toEqual(['page'])
    expect((await source.page({ cursor: '', limit: 2 })).items).toHaveLength(2)
  })

  it('fails on what is no page', async () => {
    const service = await serviceThat((_, response) => json(response, { rows: [] }))
    const source = await peopleOf(service).audience('all').open(null, audienceContext)
    expect(await failureOf(Promise.resolve(source.page({ cursor: '', limit: 2 })))).toMatchObject({ cause: 'NO_LIST' })
  })
})

test.each<[string, unknown, RegExp]>([
  ['no url', {}, /url must be given/],
  ['a url with a password', { url: 'https://u:geheim@crm.example' }, /url must be an http or https address/],
  ['a header that is no text', { url: 'https://crm.example', headers: { a: 1 } }, /headers must be an object of texts/],
  ['an empty token', { url: 'https://crm.example', bearer: '' }, /bearer must be text/],
  ['an option that there is not', { url: 'https://crm.example', timeot: '1s' }, /no option 'timeot'/],
  ['a wrong time-out', { url: 'https://crm.example', timeout: 5 }, /timeout must be a duration/],
])('%s is refused, without its value', (_, options, text) => {
  expect(() => http(options as HttpOptions)).toThrow(text)
  expect(() => http(options as HttpOptions)).not.toThrow(/geheim/)
})
