import { createTransport } from 'nodemailer'
import { connections, from, mailOf, messagesPerConnection, type Sender } from './mail.js'

/** Nodemailer as an app uses it. */
export function createBare(port: number): Sender {
  const pool = { pool: true, maxConnections: connections, maxMessages: messagesPerConnection } as const
  const transport = createTransport({ host: '127.0.0.1', port, ...pool })
  let next = 0
  return {
    async send() {
      const index = next++
      await transport.sendMail({ from, to: `user${index}@example.com`, ...mailOf(index) })
    },
    close: async () => transport.close(),
  }
}
