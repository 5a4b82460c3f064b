import type { Question, Said } from './child.js'

/** What a program was started with; each knows the shape of its own. */
export const given: unknown = JSON.parse(process.argv[2] ?? '{}')

type Handler = (argument: never) => unknown

/** Answers the questions of the process that started this one, and ends with it. `stop` closes what was opened. */
export function answer(handlers: Readonly<Record<string, Handler>>, stop: () => Promise<unknown>): void {
  process.on('message', ({ id, verb, argument }: Question) => {
    Promise.resolve()
      .then(() => handlers[verb]?.(argument as never))
      .then(
        (value) => say({ id, value }),
        (error: unknown) => say({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      )
  })
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), 8_000).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

/** Tells the parent something that it did not ask for. */
export function tell(value: unknown): void {
  say({ id: 0, value })
}

function say(said: Said): void {
  if (process.connected) process.send?.(said, undefined, undefined, () => {})
}
