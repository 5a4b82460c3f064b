import type { CounterpartMode, DriverSubject } from '@reachkit/testing'
import { smtp } from '../../src/index.js'
import { type Move, type Stage, startScriptedServer } from './scripted-server.js'
import { gossip, subjectOf } from './subject.js'

const moves = new Map<CounterpartMode, Partial<Record<Stage, Move>>>([
  ['accept', {}],
  ['break-before', { connect: 'drop', MAIL: 'drop' }],
  ['break-after', { content: 'drop' }],
  ['hang', { content: 'hang' }],
  ['rubbish', { content: gossip }],
])

/** `smtp()` and a server that breaks to the byte, where smtp-server cannot. */
export async function openScriptedSubject(): Promise<DriverSubject> {
  const script: Partial<Record<Stage, Move>> = {}
  const server = await startScriptedServer(script)
  const tell = (mode: CounterpartMode): void => {
    delete script.connect
    delete script.MAIL
    delete script.content
    Object.assign(script, moves.get(mode))
  }
  // SMTP knows no idempotency key.
  const keys = (): undefined[] => Array.from({ length: server.contents() }, () => undefined)
  const channel = smtp({ host: '127.0.0.1', port: server.port, from: 'shop@example.com' })
  return subjectOf(channel, { modes: [...moves.keys()], tell, keys, connections: server.open }, async () =>
    server.close(),
  )
}
