import type { Logger } from '@reachkit/core/spec'

/** Says what happens in a process of a run, on stderr, where it was asked to. */
export function loggerOf(name: string, verbose: boolean): Logger {
  const say =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, text: string): void => {
      if (verbose) console.error(`${name} ${level}: ${text} ${JSON.stringify(fields)}`)
    }
  return { debug: () => {}, info: say('info'), warn: () => {}, error: say('error') }
}
