import { list, whole } from './replies.js'
import type { Scripts } from './script.js'

/** The server's clock, milliseconds since the epoch. */
export async function storeTime(scripts: Scripts): Promise<number> {
  const [seconds, micros] = list(await scripts.command('time'))
  return whole(seconds) * 1_000 + Math.floor(whole(micros) / 1_000)
}
