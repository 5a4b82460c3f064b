import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export type Stage = 'connect' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'midContent' | 'content' | 'RSET' | 'QUIT'
/** A reply of one line, or: close the connection, or say nothing more. */
export type Move = 'drop' | 'hang' | (string & {})

export interface ScriptedServer {
  readonly port: number
  /** Connections so far. */
  readonly connections: () => number
  /** Connections that are open now. */
  readonly open: () => number
  /** Mails whose final dot has come. */
  readonly contents: () => number
  /** Resolves when this stage is reached for the next time. */
  reached(stage: Stage): Promise<void>
  close(): Promise<void>
}

const usual: Readonly<Record<Stage, Move>> = {
  connect: '220 test',
  EHLO: '250-test\r\n250-PIPELINING\r\n250 SMTPUTF8',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  midContent: '',
  content: '250 2.0.0 ok',
  RSET: '250 2.0.0 ok',
  QUIT: '221 bye',
}

/** A server that follows a script to the byte, also where it is changed meanwhile: smtp-server cannot hang, or leave in the middle of something. */
export async function startScriptedServer(script: Partial<Record<Stage, Move | Move[]>> = {}): Promise<ScriptedServer> {
  const waiting = new Map<Stage, (() => void)[]>()
  const sockets = new Set<Socket>()
  let connections = 0
  let contents = 0
  const moveOf = (stage: Stage): Move => {
    const move = script[stage] ?? usual[stage]
    if (typeof move === 'string') return move
    return (move.length > 1 ? move.shift() : move[0]) ?? usual[stage]
  }
  const server = createServer({ noDelay: true }, (socket) => {
    let inContent = false
    let seen = ''
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    const play = (stage: Stage): Move | undefined => {
      if (stage === 'content') contents += 1
      const move = moveOf(stage)
      for (const resolve of waiting.get(stage)?.splice(0) ?? []) resolve()
      if (move === 'drop') socket.destroy()
      else if (move !== 'hang' && move !== '') socket.write(`${move}\r\n`)
      return move === 'drop' || move === 'hang' ? undefined : move
    }
    const readContent = (): boolean => {
      if (play('midContent') === undefined) return false
      const end = `\r\n${seen}`.indexOf('\r\n.\r\n')
      if (end < 0) return false
      seen = seen.slice(end + 3)
      inContent = false
      return play('content') !== undefined
    }
    const readCommand = (): boolean => {
      const end = seen.indexOf('\r\n')
      if (end < 0) return false
      const verb = seen.slice(0, 4).toUpperCase() as Stage
      seen = seen.slice(end + 2)
      const move = play(verb)
      inContent = verb === 'DATA' && move?.startsWith('354') === true
      return move !== undefined
    }
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      const readOne = (): boolean => seen !== '' && (inContent ? readContent() : readCommand())
      let more = true
      while (more) more = readOne()
    })
    play('connect')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    open: () => sockets.size,
    contents: () => contents,
    reached: (stage) => new Promise((resolve) => waiting.set(stage, [...(waiting.get(stage) ?? []), resolve])),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
