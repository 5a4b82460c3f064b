// An SMTP server that reads mails and drops them. Prints its port; ends with its standard input.
import { SMTPServer } from 'smtp-server'

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.resume().on('end', () => done(null, 'queued'))
  },
})
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port))
process.stdin.resume().on('end', () => process.exit(0))
