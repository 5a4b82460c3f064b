import { createPrivateKey } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { NotSentError } from '@reachkit/core/spec'
import DKIM from 'nodemailer/lib/dkim'
import type { OptionReader } from '@reachkit/driver-kit'

/** A key that mails are signed with (RFC 6376; rsa-sha256, relaxed/relaxed). */
export interface DkimOptions {
  /** `d=`, the domain of From. */
  readonly domain: string
  /** `s=`: the public key is at `<selector>._domainkey.<domain>`. */
  readonly selector: string
  /** An RSA key in PEM. */
  readonly privateKey: string
}

// RFC 6376, 5.4.1, and List-Unsubscribe-Post, which RFC 8058 (4) wants signed; nodemailer's own list lacks it.
const signed =
  'From:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version:Content-Type:Content-Transfer-Encoding:' +
  'In-Reply-To:References:List-Id:List-Unsubscribe:List-Unsubscribe-Post'

export function readDkim(options: OptionReader): DkimOptions {
  return {
    domain: options.required(options.text('domain'), 'domain'),
    selector: options.required(options.text('selector'), 'selector'),
    privateKey: options.required(options.read('privateKey', isRsaKey, 'an RSA private key in PEM'), 'privateKey'),
  }
}

/** Answers the mail with a DKIM-Signature before it; throws NotSentError where none could be made. */
export function createSigner({ domain, selector, privateKey }: DkimOptions): (mail: Buffer) => Promise<Buffer> {
  const dkim = new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: signed })
  return async (mail) => {
    const result = await buffer(dkim.sign(mail))
    if (!result.subarray(0, 15).equals(prefix)) throw new NotSentError('The mail could not be signed with DKIM')
    return result
  }
}

const prefix = Buffer.from('DKIM-Signature:')

function isRsaKey(value: unknown): value is string {
  try {
    return typeof value === 'string' && createPrivateKey(value).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
