import type { Clock, NewMessage, NewParcel } from '@reachkit/core/spec'

export interface WorkTime {
  readonly work: (ms: number) => void
  readonly elapsed: () => number
  /** The longest stretch of work within one turn of the event loop. */
  readonly longest: () => number
  readonly stop: () => void
}

/** Time that passes by work alone: a unit of work takes as long as the test says. */
export function workTime(): WorkTime {
  let elapsed = 0
  let began = 0
  let longest = 0
  let running = true
  const turn = (): void => {
    longest = Math.max(longest, elapsed - began)
    began = elapsed
    if (running) setImmediate(turn)
  }
  turn()
  return {
    work: (ms) => void (elapsed += ms),
    elapsed: () => elapsed,
    longest: () => Math.max(longest, elapsed - began),
    stop: () => void (running = false),
  }
}

/** The clock, but what passes for a process is work. */
export function workClock(time: WorkTime, clock: Clock): Clock {
  return {
    ...clock,
    monotonic: () => time.elapsed(),
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
  }
}

/** Messages that are each due by an entry of their own. `fields` are read each time. */
export function parcelOf(id: string, count: number, fields: Partial<NewMessage> = {}): NewParcel {
  const common = {
    type: 'ping',
    version: 1,
    recipient: 'u1',
    inline: undefined,
    data: '{}',
    lane: 'P2' as const,
    labels: {},
  }
  const same = { ...common, sandbox: false, expires: undefined, digest: undefined }
  const message = Object.defineProperties(same, Object.getOwnPropertyDescriptors(fields))
  return {
    id,
    tenant: 'default',
    messages: Array.from({ length: count }, () => message),
    entries: Array.from({ length: count }, (_, position) => ({
      id: `${id}-${position}`,
      lane: 'P2' as const,
      due: 0,
      weight: 1,
      cargo: { kind: 'messages' as const, parcel: id, positions: [position], steps: [0] },
    })),
  }
}
