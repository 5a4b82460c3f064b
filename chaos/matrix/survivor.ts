// A process that takes over from victims, one case after another or several at once, and tells what it found in the end.
import { setTimeout as wait } from 'node:timers/promises'
import type { StoreParts } from '@reachkit/core/spec'
import { recipientId } from '../app/recipient-id.js'
import { liveWithParent, tellParent } from '../process/child-life.js'
import { budgetLevel, fillBudget } from './budget.js'
import { matrixApp, matrixParts } from './matrix-app.js'
import type { MatrixParts } from './matrix-app.js'
import type { Case, Failed, Found } from './messages.js'
import { settledStates } from '../stores/open-parts.js'
import { carryOutSale } from './sale.js'
import { audience } from './scenarios.js'
import { endClaims } from './transactions.js'

/** A case to take over; the ids are those that the victim told. */
export interface TakeOver extends Case {
  readonly n: number
  readonly ids: readonly string[]
}

const gatesMs = 30_000
const recipients = Array.from({ length: audience }, (_, number) => recipientId(number))

async function takeOver(given: TakeOver): Promise<Found> {
  const { scenario, place } = given
  const parts = matrixParts(place)
  if (scenario.way === 'relay') await endClaims(place)
  const app = matrixApp(given, parts, true)
  await app.start()
  try {
    const opened = parts.opened()
    await fillBudget(opened.state)
    // As a caller does that got no answer: the same call, with the same key.
    const repeat = async (): Promise<readonly string[]> =>
      (await app.notify('matrix.note', recipients, { n: 1 }, { idempotencyKey: 'once' })).ids
    if (scenario.way === 'run') return await found(opened, await carryOutSale(app, opened.ledger))
    const result = await found(opened, scenario.way === 'send' ? await repeat() : given.ids)
    // A row whose relay died is claimed once more, and its parcel accepted once more: it makes no difference.
    if (scenario.way === 'relay') await isRelayed(parts)
    return result
  } finally {
    await app.stop({ timeout: '5s' })
  }
}

async function isRelayed({ outbox, opened }: MatrixParts): Promise<void> {
  const used = outbox ?? opened().outbox
  while (((await used?.backlog?.())?.waiting ?? 0) > 0) await wait(200)
}

async function found({ ledger, state }: StoreParts, ids: readonly string[]): Promise<Found> {
  const states = await settledStates(ledger, ids)
  const held = states.filter((each) => each === 'held').length
  let level = await budgetLevel(state)
  // A gate is told after the ledger; of a dead worker's last slice, once somebody has taken over.
  for (let waited = 0; level.reserved !== held && waited < gatesMs; waited += 50) {
    await wait(50)
    level = await budgetLevel(state)
  }
  return { kind: 'found', states, ...level }
}

liveWithParent()
process.on('message', (given: TakeOver) => {
  takeOver(given).then(
    (result) => tellParent({ n: given.n, ...result }),
    (error: unknown) =>
      tellParent({ n: given.n, kind: 'failed', text: String(error) } satisfies Failed & { n: number }),
  )
})
tellParent({ kind: 'started' })
