import { describe, expect, it } from 'vitest'
import { parseFailure, parseReply, type SmtpFailure } from './smtp-failure.js'
import { failureOutcome } from './smtp-outcome.js'

const failure = (changes: Partial<SmtpFailure>): SmtpFailure => ({
  code: 'EENVELOPE',
  command: 'RCPT TO',
  reply: undefined,
  contentBegan: false,
  ...changes,
})
const at = (command: string, response: string, code = 'EENVELOPE') =>
  failureOutcome(failure({ command, code, reply: parseReply(response) }))

describe('failureOutcome', () => {
  it.each(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])('an address with %s is dead', (enhanced) => {
    expect(at('RCPT TO', `550 ${enhanced} x`)).toMatchObject({ kind: 'rejected', invalidAddress: true })
  })

  it.each(['', '5.1.0', '5.1.4', '5.1.5', '5.1.7', '5.1.8', '5.2.2', '5.7.1', '5.1.11'])(
    'an address with 550 %s may live',
    (enhanced) => {
      expect(at('RCPT TO', `550 ${enhanced} x`)).toMatchObject({ kind: 'rejected', invalidAddress: false })
    },
  )

  it('5.1.1 to the sender says nothing of the recipient', () => {
    expect(at('MAIL FROM', '550 5.1.1 x')).toMatchObject({ kind: 'rejected', invalidAddress: false })
  })

  it.each(['530 5.7.0 x', '535 x', '538 x', '550 5.7.8 x'])('%s to the sender is the account’s problem', (response) => {
    expect(at('MAIL FROM', response)).toMatchObject({ kind: 'retry', afterMs: 300_000 })
  })

  it.each(['CONN', 'EHLO', 'STARTTLS', 'AUTH PLAIN', ''])('5yz to %s is the account’s problem', (command) => {
    expect(at(command, '550 5.1.1 x', 'EAUTH')).toMatchObject({ kind: 'retry', afterMs: 300_000 })
  })

  it('503 is out of step: again', () => {
    expect(at('MAIL FROM', '503 5.5.1 x')).toEqual({ kind: 'retry', reason: 'smtp 503 5.5.1' })
  })

  it('once the mail began, only the reply to it counts', () => {
    expect(
      failureOutcome(
        failure({ code: 'ECONNECTION', command: 'CONN', reply: parseReply('550 5.1.1 x'), contentBegan: true }),
      ).kind,
    ).toBe('unknown')
    expect(
      failureOutcome(
        failure({ code: 'EMESSAGE', command: 'DATA', reply: parseReply('550 5.7.1 x'), contentBegan: true }),
      ).kind,
    ).toBe('rejected')
  })

  it.each(['What is a mail?', '', '354 go on'])('%j is no verdict on a mail that began', (response) => {
    const answered = failure({ code: 'EMESSAGE', command: 'DATA', reply: parseReply(response), contentBegan: true })
    expect(failureOutcome(answered).kind).toBe('unknown')
  })
})

describe('parseFailure', () => {
  it('takes codes, and no text of the server', () => {
    const error = Object.assign(new Error('to ann@example.com'), {
      code: 'EENVELOPE',
      command: 'RCPT TO',
      response: '550-5.1.1 <ann@example.com>\n550 gone',
    })
    expect(parseFailure(error, false)).toEqual({
      code: 'EENVELOPE',
      command: 'RCPT TO',
      reply: { code: 550, enhanced: '5.1.1' },
      contentBegan: false,
    })
    expect(JSON.stringify(failureOutcome(parseFailure(error, false)))).not.toMatch(/ann|example/)
  })

  it.each(['ann@example.com', 'Error: x', '', 42, undefined])('does not take %j for a code', (code) => {
    expect(parseFailure({ code }, false).code).toBe('error')
  })

  it.each(['', 'no', '999 x', '55', '250'])('finds in %j what is there', (response) => {
    expect(parseReply(response)?.code).toBe(response === '250' ? 250 : undefined)
  })
})
