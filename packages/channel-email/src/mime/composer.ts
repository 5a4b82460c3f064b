import type { DeliveryContext } from '@reachkit/core/spec'
import { wireAddress } from '../address/email-address.js'
import { composeMail } from './compose.js'
import { type EmailRequest, type MailDefaults, type OutgoingMail, resolveMail } from './outgoing-mail.js'
import { SkeletonCache } from './skeleton-cache.js'

/** A mail that is ready for a server. Addresses are in the form of the wire. */
export interface ComposedMail {
  readonly bytes: Buffer
  readonly messageId: string
  readonly returnPath: string
  readonly to: string
  /** Those of cc and bcc that are not the recipient, each once. */
  readonly copies: readonly string[]
}

/** Composes mails of one driver; undefined where the driver's `listUnsubscribe` answered something wrong. */
export function createComposer(
  defaults: MailDefaults,
): (request: EmailRequest, context: DeliveryContext) => ComposedMail | undefined {
  const skeletons = new SkeletonCache()
  return (request, { clock, random }) => {
    const mail = resolveMail(request, defaults)
    if (mail === undefined) return undefined
    const boundary = Buffer.from(random.bytes(12)).toString('hex')
    const bytes = composeMail(mail, { skeletons, now: clock.now(), boundary })
    const { messageId, returnPath, to } = mail
    return { bytes, messageId, returnPath, to, copies: copiesOf(mail) }
  }
}

const none: readonly string[] = []

function copiesOf({ to, cc, bcc }: OutgoingMail): readonly string[] {
  if (cc.length + bcc.length === 0) return none
  const copies = new Set([...cc, ...bcc].map(({ address }) => wireAddress(address)))
  copies.delete(to)
  return [...copies]
}
