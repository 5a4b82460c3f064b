import type { Logger } from '@reachkit/core/spec'
import { tellParent } from '../process/child-life.js'

/** What an app of the run said, for whoever has to find out what happened. */
export interface LogMessage {
  readonly kind: 'log'
  readonly worker: string
  readonly level: string
  readonly text: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Tells the run what happens in a process of it. */
export function loggerOf(worker: string): Logger {
  const say =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, text: string): void =>
      tellParent({ kind: 'log', worker, level, text, fields } satisfies LogMessage)
  return { debug: () => {}, info: say('info'), warn: say('warn'), error: say('error') }
}
