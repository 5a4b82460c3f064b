import { connect } from 'node:net'

/** One command to a Redis on this machine, over a connection of its own. Rejects where the server refuses it. */
export async function redisCommand(url: string, ...words: readonly string[]): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const request = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject).once('data', (chunk) => resolve(chunk.toString()))
      socket.once('close', () => reject(new Error('Redis closed the connection')))
      socket.write(`*${words.length}\r\n${request}`)
    })
    if (answer.startsWith('-')) throw new Error(`Redis refused ${words[0] ?? ''}: ${answer.trim()}`)
  } finally {
    socket.destroy()
  }
}
