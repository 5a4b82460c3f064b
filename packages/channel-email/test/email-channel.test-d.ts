import { expectTypeOf, test } from 'vitest'
import type { AddressOf, ContentOf, TemplatedOf } from '@reachkit/core/spec'
import { type EmailContent, type EmailRequest, type MailboxInput, ses, smtp, type SmtpOptions } from '../src/index.js'

test('e-mail is a channel that message types may have content for', () => {
  expectTypeOf<ReachChannels['email']>().toEqualTypeOf<ReturnType<typeof smtp>>()
  expectTypeOf<ReachChannels['email']>().toEqualTypeOf<ReturnType<typeof ses>>()
  expectTypeOf<AddressOf<ReachChannels['email']>>().toEqualTypeOf<string>()
  expectTypeOf<ContentOf<ReachChannels['email']>>().toEqualTypeOf<EmailContent>()
  expectTypeOf<TemplatedOf<ReachChannels['email']>>().toBeNever()
})

test('options that are wrong do not compile', () => {
  expectTypeOf(smtp).parameter(0).toExtend<{ readonly from: MailboxInput }>()
  // @ts-expect-error nodemailer calls it pass; here it is password
  smtp({ url: 'smtp://localhost', from: 'shop@example.com', auth: { user: 'a', pass: 'b' } })
  // @ts-expect-error no such option
  ses({ from: 'shop@example.com', regoin: 'eu-west-1' })
})

test('listUnsubscribe is told who the mail is for', () => {
  expectTypeOf<NonNullable<SmtpOptions['listUnsubscribe']>>().parameter(0).toEqualTypeOf<EmailRequest>()
})
