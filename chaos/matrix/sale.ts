import type { Ledger, NewParcel } from '@reachkit/core/spec'
import { recipientId } from '../app/app.js'
import { audience } from './scenarios.js'

const task = 'sale'
const run = 'sale-run'
const tenant = 'default'
const lane = 'P3'
const pageSize = 2

/** The parcels that pages of the run may be in: whoever reads a page names it anew. */
export function parcelsOf(page: number): readonly string[] {
  return ['victim', 'survivor'].map((who) => `page-${page}-${who}`)
}

/** A task with one firing, whose run reads its audience by pages: from wherever somebody else has left it. */
export async function carryOutSale(ledger: Ledger, who: 'victim' | 'survivor'): Promise<void> {
  const now = await ledger.now()
  await ledger.saveTask({ id: task, tenant, revision: 1, text: String(now), next: now }, 0)
  const [saved] = await ledger.tasks([task])
  if (saved === undefined) throw new Error('the task was not saved')
  // Whoever comes later means the same firing.
  const instant = Number(saved.text)
  const runs = [{ id: run, key: task, due: instant, part: '' }]
  await ledger.beginRun({ task, instant, revision: saved.revision, runs, next: undefined, lane })
  for (let begun = await ledger.run(run); begun?.done === false; begun = await ledger.run(run)) {
    const page = begun.cursor === '' ? 0 : Number(begun.cursor)
    await ledger.accept([pageParcel(page, begun.cursor, who)])
  }
}

function pageParcel(page: number, from: string, who: string): NewParcel {
  const positions = Array.from({ length: pageSize }, (_, index) => index)
  const steps = positions.map(() => 0)
  const id = `page-${page}-${who}`
  const done = (page + 1) * pageSize >= audience
  return {
    id,
    tenant,
    messages: positions.map((position) => ({
      type: 'matrix.note',
      version: 1,
      recipient: recipientId(page * pageSize + position),
      inline: undefined,
      data: JSON.stringify({ n: position }),
      lane,
      labels: {},
      sandbox: false,
      expires: undefined,
      digest: undefined,
    })),
    entries: [
      { id: `entry-${id}`, lane, due: 0, weight: 1, cargo: { kind: 'messages', parcel: id, positions, steps } },
    ],
    cursor: { run, from, to: String(page + 1), done },
  }
}
