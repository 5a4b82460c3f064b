import type { Socket } from 'node:net'

/** Calls back for each whole line of a socket. */
export function onLines(socket: Socket, line: (text: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) line(each)
  })
}
