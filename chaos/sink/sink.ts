// The provider at the other end, in a process of its own: takes a message at once, answers after a delay, and
// remembers who got what. A line `H <worker>` says who calls, `<n> <recipient> <key>` is a message, `<n>` its answer.
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { onLines } from '../process/lines.js'
import { listen } from '../process/listen.js'
import type { SinkKill, SinkReport, SinkRequest, SinkSettings, SinkTell } from './messages.js'

liveWithParent()
const settings = JSON.parse(process.argv[2] ?? '{}') as SinkSettings
const got = Array.from({ length: settings.messages }, () => 0)
const log: SinkRequest[][] = Array.from({ length: settings.messages }, () => [])
const keys = new Set<string>()
const connections = new Map<Socket, { worker: string; open: number }>()
let reached = 0
let requests = 0
let dropped = 0

/** The message is out, whatever becomes of the answer. */
function take(recipient: number, key: string, worker: string): void {
  requests += 1
  const isCopy = settings.deduplicates && keys.has(key)
  log[recipient]?.push({ atMs: Date.now(), worker, key, dropped: isCopy })
  if (isCopy) {
    dropped += 1
    return
  }
  keys.add(key)
  const before = got[recipient] ?? 0
  got[recipient] = before + 1
  if (before === 0) reached += 1
}

function report(): SinkReport {
  const open: Record<string, number> = {}
  for (const connection of connections.values())
    open[connection.worker] = (open[connection.worker] ?? 0) + connection.open
  return { kind: 'report', reached, requests, dropped, open }
}

const server = createServer((socket) => {
  const connection = { worker: '', open: 0 }
  connections.set(socket, connection)
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.once('close', () => connections.delete(socket))
  onLines(socket, (line) => {
    const [first = '', second = '', key = ''] = line.split(' ')
    if (first === 'H') {
      connection.worker = second
      return
    }
    take(Number(second), key, connection.worker)
    connection.open += 1
    setTimeout(() => {
      if (socket.destroyed) return
      connection.open -= 1
      socket.write(`${first}\n`)
    }, settings.delayMs)
  })
})

/** Killed in the very turn in which its messages are seen to be unanswered, and left alone where it has none. */
function kill({ worker, pid, signal }: SinkKill): void {
  const held = report().open[worker] ?? 0
  if (held > 0) process.kill(pid, signal)
  tellParent({ kind: 'met', worker, held })
}

process.on('message', (message: { readonly kind: 'report' | 'all' } | SinkTell | SinkKill) => {
  if (message.kind === 'report') tellParent(report())
  if (message.kind === 'all') tellParent({ kind: 'all', got })
  if (message.kind === 'tell')
    tellParent({ kind: 'told', requests: message.recipients.map((recipient) => log[recipient] ?? []) })
  if (message.kind === 'kill') kill(message)
})
tellParent({ kind: 'listening', port: await listen(server) })
