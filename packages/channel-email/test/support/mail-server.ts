import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

/** Self-signed for localhost and 127.0.0.1, until 2126. Nothing but tests trusts it. */
export const certificate: { readonly cert: string; readonly key: string } = {
  cert: fixture('localhost.cert.pem'),
  key: fixture('localhost.key.pem'),
}

interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly mail: Email
  readonly secure: boolean
  readonly user: string | undefined
}

export interface MailServer {
  readonly port: number
  readonly received: readonly ReceivedMail[]
  /** Connections that are open now. */
  readonly connections: () => number
  close(): Promise<void>
}

/** An SMTP server on loopback that keeps what it gets; `changes` makes it refuse, log in, or speak TLS. Port 0: any. */
export async function startMailServer(changes: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      void take(stream, session, received, done)
    },
    ...changes,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', () => resolve()))
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function take(
  stream: Readable,
  session: SMTPServerSession,
  received: ReceivedMail[],
  done: (error: null, text: string) => void,
): Promise<void> {
  const raw = await buffer(stream)
  const { mailFrom, rcptTo } = session.envelope
  received.push({
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw,
    mail: await PostalMime.parse(raw),
    secure: session.secure,
    user: session.user,
  })
  done(null, 'queued as ABC123')
}

/** An error that smtp-server answers with this code. */
export function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
}
