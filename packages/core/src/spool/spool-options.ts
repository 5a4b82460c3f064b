import { resolve } from 'node:path'
import type { Duration } from '../duration/index.js'
import { OptionReader } from '../options/index.js'

const syncs = ['always', 'interval', 'never'] as const

/** Where messages wait on this machine while the store is away. */
export interface SpoolOptions {
  /**
   * A directory for this app and store alone, on a local disk; `.reachkit/spool/<store>` in the working directory unless
   * told. All processes of the app on this machine share it: whoever lives drains what a dead one left.
   */
  readonly dir?: string | undefined
  /** What the files of one process may hold at most; 64 MiB unless told. */
  readonly maxBytes?: number | undefined
  /**
   * When what was written is forced to the disk: `always`, before `notify` answers (the default: survives power loss);
   * `interval`, once a second; `never`, by the system. All three survive a process that is killed.
   */
  readonly fsync?: (typeof syncs)[number] | undefined
  /**
   * A message that waited for longer is parked, not sent. As long as the store knows a dedupe key at least, and never
   * more: after that nobody could tell whether it was sent before.
   */
  readonly maxAge?: Duration | undefined
}

/** The same, checked, with every default filled in. */
export interface SpoolSettings {
  readonly dir: string
  readonly maxBytes: number
  readonly fsync: (typeof syncs)[number]
  readonly maxAgeMs: number
}

/** @throws ReachError `REACH_OPTION_INVALID` */
export function parseSpoolOptions(options: unknown, store: string): SpoolSettings | undefined {
  if (options === undefined || options === false) return undefined
  const fields = ['dir', 'maxBytes', 'fsync', 'maxAge']
  const reader = new OptionReader('REACH_OPTION_INVALID', 'createReach: spool', options === true ? {} : options, fields)
  return {
    dir: resolve(reader.text('dir') ?? `.reachkit/spool/${store.replaceAll(/[^\w-]/g, '_')}`),
    maxBytes: reader.whole('maxBytes', 1) ?? 64 * 2 ** 20,
    fsync: reader.choice('fsync', syncs) ?? 'always',
    maxAgeMs: reader.durationMs('maxAge', 1) ?? Number.POSITIVE_INFINITY,
  }
}
