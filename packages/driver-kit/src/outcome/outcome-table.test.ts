import { invalidAddress, rejected, retry, unknown } from '@reachkit/core/spec'
import { describe, expect, it } from 'vitest'
import { createAnswer, type HttpAnswer } from '../http/http-answer.js'
import { createOutcomes, laterMs } from './outcome-table.js'
import { tokenRefused } from './token-refused.js'

const outcomeOf = createOutcomes({
  vendor: 'acme',
  document: 'Acme, "Error codes"',
  codes: {
    gone: 'rejected',
    'no-mailbox': 'invalid-address',
    busy: 'retry',
    'day-full': 'retry-later',
    suspended: 'account',
    stale: 'token',
    perhaps: 'unknown',
  },
})
const now = Date.parse('2026-06-01T00:00:00Z')

function answer(status: number, retryAfter?: string): HttpAnswer {
  return createAnswer(status, (name) => (name === 'retry-after' ? retryAfter : undefined), [])
}

describe('a listed code', () => {
  it.each([
    ['gone', rejected('acme gone')],
    ['no-mailbox', invalidAddress('acme no-mailbox')],
    ['busy', retry(undefined, 'acme busy')],
    ['day-full', retry(laterMs, 'acme day-full')],
    ['suspended', retry(laterMs, 'acme suspended')],
    ['stale', tokenRefused],
    ['perhaps', unknown('acme perhaps')],
  ])('%s, whatever the status', (code, outcome) => {
    for (const status of [200, 400, 403, 429, 500]) expect(outcomeOf(answer(status), code, now)).toEqual(outcome)
  })

  it('waits as long as the vendor asks for', () => {
    expect(outcomeOf(answer(200, '7'), 'busy', now)).toEqual(retry(7_000, 'acme busy'))
    expect(outcomeOf(answer(200, '7'), 'suspended', now)).toEqual(retry(laterMs, 'acme suspended'))
    expect(outcomeOf(answer(200, '3600'), 'day-full', now)).toEqual(retry(3_600_000, 'acme day-full'))
  })
})

describe('without a code that is listed, the status decides', () => {
  const later = (reason: string) => retry(laterMs, reason)
  it.each<[number, object]>([
    [200, unknown('acme no proof')],
    [204, unknown('acme no proof')],
    [299, unknown('acme no proof')],
    [300, unknown('acme http 300')],
    [301, unknown('acme http 301')],
    [302, unknown('acme http 302')],
    [303, unknown('acme http 303')],
    [304, unknown('acme http 304')],
    [307, unknown('acme http 307')],
    [308, unknown('acme http 308')],
    [400, rejected('acme http 400')],
    [401, later('acme http 401')],
    [402, later('acme http 402')],
    [403, later('acme http 403')],
    [404, rejected('acme http 404')],
    [407, later('acme http 407')],
    [408, unknown('acme http 408')],
    [409, unknown('acme http 409')],
    [410, rejected('acme http 410')],
    [422, rejected('acme http 422')],
    [425, retry(undefined, 'acme http 425')],
    [429, retry(undefined, 'acme http 429')],
    [500, unknown('acme http 500')],
    [502, unknown('acme http 502')],
    [503, unknown('acme http 503')],
    [504, unknown('acme http 504')],
  ])('%i', (status, outcome) => expect(outcomeOf(answer(status), undefined, now)).toEqual(outcome))

  it('429 and 503 with Retry-After, in seconds or as a date', () => {
    for (const status of [429, 503]) {
      expect(outcomeOf(answer(status, '2'), undefined, now)).toEqual(retry(2_000, `acme http ${status}`))
      expect(outcomeOf(answer(status, 'Mon, 01 Jun 2026 00:00:09 GMT'), undefined, now)).toEqual(
        retry(9_000, `acme http ${status}`),
      )
    }
    expect(outcomeOf(answer(429, 'soon'), undefined, now)).toEqual(retry(undefined, 'acme http 429'))
    expect(outcomeOf(answer(500, '2'), undefined, now)).toEqual(unknown('acme http 500'))
  })

  it('a code that is not listed names the reason, and no more', () => {
    expect(outcomeOf(answer(400), 'E7', now)).toEqual(rejected('acme E7'))
    expect(outcomeOf(answer(500), '-1', now)).toEqual(unknown('acme -1'))
    expect(outcomeOf(answer(400), 'constructor', now)).toEqual(rejected('acme constructor'))
  })
})

it('a code of 2xx that is not listed is unknown, or as the vendor’s table says', () => {
  const refusing = createOutcomes({ vendor: 'acme', document: 'd', codes: {}, otherwise: 'rejected' })
  expect(outcomeOf(answer(200), 'E7', now)).toEqual(unknown('acme E7'))
  expect(refusing(answer(200), 'E7', now)).toEqual(rejected('acme E7'))
  expect(refusing(answer(200), undefined, now)).toEqual(unknown('acme no proof'))
  expect(refusing(answer(500), 'E7', now)).toEqual(unknown('acme E7'))
})

it('a family answers for those of it that are not listed', () => {
  const families = createOutcomes({
    vendor: 'acme',
    document: 'd',
    codes: { 'Throttling.*': 'retry', 'Throttling.Day': 'retry-later', Throttling: 'unknown', 'A.B.*': 'account' },
    otherwise: 'rejected',
  })
  const verdicts = [
    'Throttling.User',
    'Throttling.Day',
    'Throttling',
    'A.B.C',
    'A.C',
    'Throttling.User.Api',
    'Throttlings',
  ]
  expect(verdicts.map((code) => families(answer(200), code, now))).toEqual([
    retry(undefined, 'acme Throttling.User'),
    retry(laterMs, 'acme Throttling.Day'),
    unknown('acme Throttling'),
    retry(laterMs, 'acme A.B.C'),
    rejected('acme A.C'),
    rejected('acme Throttling.User.Api'),
    rejected('acme Throttlings'),
  ])
})

it.each(['ann@example.com', '+4915112345678', '4915112345678', 'a b', 'x\ny', ''])(
  'a code that could be an address is not written: %j',
  (code) => expect(outcomeOf(answer(400), code, now)).toEqual(rejected('acme http 400')),
)
