import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly to: string
  /** Who logged in to send it: one account for each provider. */
  readonly account: string
  readonly raw: Buffer
}

export interface MailServer {
  readonly host: string
  readonly port: number
  readonly password: string
  readonly received: readonly ReceivedMail[]
  stop(): Promise<void>
}

/**
 * A real SMTP server on this machine. It knows no mailbox that begins with `closed.`, and asks to come again later the
 * first time that it hears of one that begins with `busy.`.
 */
export async function startMailServer(): Promise<MailServer> {
  const password = 'not a secret'
  const received: ReceivedMail[] = []
  const asked = new Set<string>()
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideSMTPUTF8: false,
    onAuth: ({ username, password: given }, _session, done) =>
      given === password ? done(null, { user: username ?? '' }) : done(new Error('wrong password')),
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('closed.')) return done(refusal(550, '5.1.1 no such mailbox'))
      if (!address.startsWith('busy.') || asked.has(address)) return done()
      asked.add(address)
      done(refusal(451, '4.7.1 come again later'))
    },
    onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        for (const { address } of envelope.rcptTo) received.push({ to: address, account: String(user), raw })
        done()
      })
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.server.address() as AddressInfo
  return { host: '127.0.0.1', port, password, received, stop: () => new Promise((resolve) => server.close(resolve)) }
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
