// A process of the shop: plans the campaign, or goes on with it where another one was killed.
import { column, csv } from '@reachkit/core'
import { openReach } from './reach.js'

export interface Orders {
  readonly file: string
  readonly url: string
  readonly customers: string
  readonly rejects: string
}

const number = 'spring-2026'
const orders = JSON.parse(process.argv[2] ?? '') as Orders
const reach = openReach(orders)
const isThere = (await reach.tasks.list()).tasks.length > 0

const task = isThere
  ? await reach.tasks.get(number)
  : await reach.tasks.create({
      number,
      message: 'spring',
      audience: csv(orders.customers, { id: 'customer', address: { postbox: 'address' } }),
      data: { name: column('first_name'), city: column('city') },
      rejectsTo: orders.rejects,
      by: 'ann',
    })

process.on('message', (verb: 'pause' | 'resume') => {
  task[verb]({ by: 'bob' }).then(
    () => process.send?.(verb),
    (error: unknown) => {
      throw error
    },
  )
})

const report = await task.done({ bar: true })
process.send?.(report)
await reach.stop()
process.disconnect()
