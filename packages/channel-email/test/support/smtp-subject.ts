import type { CounterpartMode, DriverSubject } from '@reachkit/testing'
import type { SMTPServerOptions } from 'smtp-server'
import { smtp } from '../../src/index.js'
import { reply, startMailServer } from './mail-server.js'
import { gossip, password, subjectOf } from './subject.js'

/** `smtp()` and an smtp-server with a login. That cannot break off after the mail, nor answer rubbish. */
export async function openSmtpSubject(): Promise<DriverSubject> {
  const modes = ['accept', 'refuse', 'refuse-address', 'throttle', 'break-before', 'hang'] as const
  const keys: undefined[] = [] // SMTP knows no idempotency key.
  let mode: CounterpartMode = 'accept'
  const options = answering(
    () => mode,
    () => keys.push(undefined),
  )
  let server = await startMailServer(options)
  const { port } = server
  const tell = async (wanted: CounterpartMode): Promise<void> => {
    if (mode === 'break-before') server = await startMailServer(options, port)
    mode = wanted
    if (mode === 'break-before') await server.close()
  }
  const connections = (): number => server.connections()
  const auth = { user: 'shop', password }
  const channel = smtp({ host: '127.0.0.1', port, auth, from: 'shop@example.com' })
  return subjectOf(channel, { modes, tell, keys: () => keys, connections }, async () => server.close())
}

function answering(mode: () => CounterpartMode, arrived: () => void): SMTPServerOptions {
  return {
    closeTimeout: 1,
    disabledCommands: ['STARTTLS'],
    authOptional: false,
    onAuth: (given, _session, done) =>
      given.password === password ? done(null, { user: 'shop' }) : done(reply(535, '5.7.8 no')),
    onRcptTo(_address, _session, done) {
      if (mode() !== 'refuse-address' && mode() !== 'throttle') return done()
      arrived()
      done(mode() === 'throttle' ? reply(450, `4.7.1 ${gossip}`) : reply(550, `5.1.1 ${gossip}`))
    },
    onData(stream, _session, done) {
      stream.resume().once('end', () => {
        arrived()
        if (mode() === 'refuse') done(reply(554, `5.7.1 ${gossip}`))
        else if (mode() !== 'hang') done(null, 'queued as ABC123')
      })
    },
  }
}
