// A campaign to the 100,000 rows of a CSV, offline: it is paused and resumed, its process is killed, another one goes on,
// and in the end everybody has got one letter. Read reach.ts and campaign-process.ts: that is what an application writes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { problemsOf } from './check.js'
import { makeCustomers } from './make-customers.js'
import { PostOffice } from './post-office.js'
import { ShopProcess } from './shop-process.js'

const rows = 100_000
const patience = AbortSignal.timeout(120_000)
const folder = mkdtempSync(join(tmpdir(), 'reachkit-campaign-'))
const [file, path, rejects] = ['reach.db', 'customers.csv', 'rejects.ndjson'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
const customers = makeCustomers(path, rows)
const office = await PostOffice.open()
const orders = { file, url: office.url, customers: path, rejects }
const start = performance.now()

const first = new ShopProcess(orders)
await office.until(rows * 0.25, patience)
await first.tell('pause')
await delay(1_000)
const paused = office.count
await delay(300)
const isStill = office.count === paused
console.log(`paused at ${paused} letters${isStill ? '' : ', and they went on'}`)
await first.tell('resume')
await office.until(Math.max(rows * 0.6, paused + rows / 10), patience)
await first.kill()
console.log(`killed at ${office.count} letters; another process goes on`)

const report = await new ShopProcess(orders).report()
const seconds = (performance.now() - start) / 1_000
const problems = [
  ...problemsOf(customers, office, rejects, report),
  ...(isStill ? [] : ['the pause took longer than a second']),
]
await office.close()
rmSync(folder, { recursive: true })

for (const problem of problems) console.error('not as expected:', problem)
if (problems.length > 0) process.exit(1)
console.log(
  `each of ${office.count} customers got one letter, with its own text; ${office.dropped} copies were thrown away`,
)
console.log(`${customers.badLines.length} rows were refused, each with its line: ${customers.badLines.join(', ')}`)
console.log(`${seconds.toFixed(1)} s`)
