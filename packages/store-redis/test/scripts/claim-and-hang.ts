// A worker that takes what is there and does nothing more, until it is killed: `claim-and-hang.ts <url> <prefix>`.
import { bullmq } from '../../src/bullmq/index.js'
import { PendingBook, poolContext } from '../bullmq-subject.js'

const [, , url, prefix] = process.argv
if (url === undefined || prefix === undefined) throw new Error('a url and a prefix are needed')
const pool = await bullmq({ url, prefix }).open(poolContext(new PendingBook()))
const taken = await pool.consume('P0').next(16, new AbortController().signal)
console.log(taken.map(({ id }) => id).join(' '))
setInterval(() => {}, 1_000)
