import type { Random } from '../spec/index.js'

/** Letters and digits that nobody takes for one another. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A number that can be read out: the day, and six letters, `T20261128-7KQ3MD`. Two of a day are alike once in 730 million. */
export function taskNumber(now: number, random: Pick<Random, 'bytes'>): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '')
  const name = Array.from(random.bytes(6), (byte) => letters[byte % letters.length]).join('')
  return `T${day}-${name}`
}
