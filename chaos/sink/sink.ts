// The provider at the other end, in a process of its own: takes a message at once, answers after a delay, and
// remembers who got what; and where pages of an audience are asked for. A line `H <worker>` says who calls, `<n> <recipient> <key>` is a message, `<n>` its answer.
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { onLines } from '../process/lines.js'
import { listen } from '../process/listen.js'
import { pageAsked } from './messages.js'
import type { SinkAmbush, SinkKill, SinkReport, SinkRequest, SinkSettings, SinkSprung, SinkTell } from './messages.js'

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
    if (second === pageAsked) return givePage(first, connection.worker, socket)
    take(Number(second), key, connection.worker)
    connection.open += 1
    setTimeout(() => {
      if (socket.destroyed) return
      connection.open -= 1
      socket.write(`${first}\n`)
    }, settings.delayMs)
  })
})

let ambush: (SinkAmbush & { readonly end: NodeJS.Timeout }) | undefined

function lay(laid: SinkAmbush): void {
  const end = setTimeout(() => {
    ambush = undefined
    tellParent({ kind: 'sprung', held: 0 } satisfies SinkSprung)
  }, laid.withinMs)
  ambush = { ...laid, end }
}

function spring(worker: string, pid: number): void {
  const held = report().open[worker] ?? 0
  try {
    process.kill(pid, 'SIGKILL')
    tellParent({ kind: 'sprung', worker, held } satisfies SinkSprung)
  } catch {
    // It ended before its time came.
    tellParent({ kind: 'sprung', held: 0 } satisfies SinkSprung)
  }
}

/** As long as a query of a database takes. */
const pageMs = 5

function givePage(n: string, worker: string, socket: Socket): void {
  setTimeout(() => {
    if (!socket.destroyed) socket.write(`${n}\n`)
  }, pageMs)
  const pid = ambush?.pids[worker]
  if (ambush === undefined || pid === undefined) return
  clearTimeout(ambush.end)
  setTimeout(spring, ambush.afterMs, worker, pid)
  ambush = undefined
}

/** Killed in the very turn in which its messages are seen to be unanswered, and left alone where it has none. */
function kill({ worker, pid, signal }: SinkKill): void {
  const held = report().open[worker] ?? 0
  if (held > 0) process.kill(pid, signal)
  tellParent({ kind: 'met', worker, held })
}

process.on('message', (message: { readonly kind: 'report' | 'all' } | SinkTell | SinkKill | SinkAmbush) => {
  if (message.kind === 'report') tellParent(report())
  if (message.kind === 'all') tellParent({ kind: 'all', got })
  if (message.kind === 'tell')
    tellParent({ kind: 'told', requests: message.recipients.map((recipient) => log[recipient] ?? []) })
  if (message.kind === 'kill') kill(message)
  if (message.kind === 'ambush') lay(message)
})
tellParent({ kind: 'listening', port: await listen(server) })
