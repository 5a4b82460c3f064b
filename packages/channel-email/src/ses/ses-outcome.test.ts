import { describe, expect, it } from 'vitest'
import { errorOutcome } from './ses-outcome.js'

const error = (name: string, fields: object = {}) =>
  Object.assign(new Error('for ann@example.com'), { name, ...fields })
const answered = (name: string, httpStatusCode: number) => error(name, { $metadata: { httpStatusCode } })

describe('errorOutcome', () => {
  it.each<[string, Error, object]>([
    ['abort', error('AbortError'), { kind: 'unknown', reason: 'ses AbortError' }],
    ['a timeout', error('TimeoutError'), { kind: 'unknown', reason: 'ses TimeoutError' }],
    ['a lost connection', error('Error', { code: 'ECONNRESET' }), { kind: 'unknown', reason: 'ses Error' }],
    [
      'a refused connection',
      error('Error', { code: 'ECONNREFUSED', $metadata: { attempts: 1 } }),
      { kind: 'retry', reason: 'ses ECONNREFUSED' },
    ],
    ['no such host', error('Error', { code: 'ENOTFOUND' }), { kind: 'retry', reason: 'ses ENOTFOUND' }],
    ['no credentials', error('CredentialsProviderError'), { kind: 'retry', reason: 'ses CredentialsProviderError' }],
    [
      'an answer of 200 that cannot be read',
      answered('SyntaxError', 200),
      { kind: 'unknown', reason: 'ses SyntaxError' },
    ],
    ['a proxy’s 502', answered('502', 502), { kind: 'unknown', reason: 'ses error' }],
    ['408', answered('RequestTimeoutException', 408), { kind: 'unknown', reason: 'ses RequestTimeoutException' }],
    [
      'an answer that AWS lost',
      answered('RequestAbortedException', 400),
      { kind: 'unknown', reason: 'ses RequestAbortedException' },
    ],
    [
      'a certificate that is refused',
      error('Error', { code: 'CERT_HAS_EXPIRED' }),
      { kind: 'retry', reason: 'ses CERT_HAS_EXPIRED' },
    ],
    ['429', answered('SlowDown', 429), { kind: 'retry', reason: 'ses SlowDown' }],
    [
      'an unknown 400',
      answered('SomethingNew', 400),
      { kind: 'rejected', reason: 'ses SomethingNew', invalidAddress: false },
    ],
    ['an unknown 403', answered('SomethingNew', 403), { kind: 'retry', reason: 'ses SomethingNew', afterMs: 300_000 }],
  ])('%s', (_case, given, outcome) => expect(errorOutcome(given)).toEqual(outcome))

  it.each([undefined, null, 'text', {}])('%j is unknown', (given) =>
    expect(errorOutcome(given)).toEqual({ kind: 'unknown', reason: 'ses error' }),
  )

  it('takes no name that could hold an address', () => {
    expect(errorOutcome(error('ann@example.com'))).toEqual({ kind: 'unknown', reason: 'ses error' })
  })
})
