// A process that goes a message's way until the point at which it ends. One that comes to the end says so with code 0.
import { setTimeout as wait } from 'node:timers/promises'
import { recipientId } from '../app/recipient-id.js'
import { liveWithParent } from '../process/child-life.js'
import { fillBudget } from './budget.js'
import { matrixApp, matrixParts } from './matrix-app.js'
import type { Case } from './messages.js'
import { carryOutSale } from './sale.js'
import { audience } from './scenarios.js'
import { inTransaction } from './transactions.js'
import { settledStates } from '../stores/open-parts.js'

liveWithParent()
const given = JSON.parse(process.argv[2] ?? '{}') as Case
const { scenario, place } = given
const crash = { at: scenario.at, nth: scenario.nth }
const parts = matrixParts(place, crash)
const recipients = Array.from({ length: audience }, (_, number) => recipientId(number))

async function send(): Promise<void> {
  const app = matrixApp(given, parts, true, crash)
  await app.start()
  await fillBudget(parts.opened().state)
  const { ids } = await app.notify('matrix.note', recipients, { n: 1 }, { idempotencyKey: 'once' })
  await settledStates(parts.opened().ledger, ids)
  await app.stop()
}

/** Accepts only: what is relayed is for others to send. */
async function relay(): Promise<void> {
  const app = matrixApp(given, parts, false, crash)
  await app.start()
  await inTransaction(place, async (tx) => {
    const { ids } = await app.in(tx).notify('matrix.note', recipients, { n: 1 })
    // Told before anybody can crash: the relay sees nothing until the commit.
    await new Promise((resolve) => process.send?.({ kind: 'ids', ids }, resolve))
  })
  await wait(5_000)
  await app.stop()
}

/** Creates a task and carries it out, until it and its run have ended. */
async function run(): Promise<void> {
  const app = matrixApp(given, parts, true, crash)
  await app.start()
  await carryOutSale(app, parts.opened().ledger)
  await app.stop()
}

await { send, relay, run }[scenario.way]()
process.exit(0)
