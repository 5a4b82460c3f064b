import type { EngineOptions } from '../engine/engine-options.js'
import type { OpenEngine } from '../engine/engine.js'
import { messageId } from '../spec/index.js'
import type { ClaimedMessage } from '../spec/index.js'
import { draftIntake } from './notify.js'
import type { NotifyCall } from './notify.js'

/** A call as the message that it would become, for `explain`: checked like any other, and stored nowhere. */
export async function draftMessage(
  call: NotifyCall,
  engine: OpenEngine,
  options: EngineOptions,
): Promise<ClaimedMessage> {
  const { tenant, due, message } = await draftIntake(call, engine, options)
  const now = engine.storeClock.now()
  return {
    ...message,
    data: message.data,
    value: message.value,
    id: messageId('explain', 0),
    position: 0,
    tenant,
    run: undefined,
    acceptedAt: now,
    state: 'waiting',
    step: 0,
    due: due === 0 ? now : due,
    outcome: undefined,
    reason: undefined,
    progress: undefined,
    into: undefined,
    attempting: undefined,
    slice: undefined,
  }
}
