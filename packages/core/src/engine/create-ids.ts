import type { Clock, Random } from '../spec/index.js'

/**
 * Ids for parcels and entries: time, this process, a running number. They sort by time, hold no ':' (BullMQ refuses
 * it), and are unique because 60 random bits name the process. A hundred times quicker than a random id each.
 */
export function createIds(clock: Clock, random: Random): { readonly owner: string; readonly nextId: () => string } {
  const owner = Array.from(random.bytes(12), (byte) => (byte % 32).toString(32)).join('')
  let count = 0
  let time = 0
  let prefix = ''
  return {
    owner,
    nextId() {
      count += 1
      const now = Math.floor(clock.now())
      if (now !== time) {
        time = now
        prefix = `${now.toString(36)}-${owner}-`
      }
      return prefix + count.toString(36)
    },
  }
}
