// The app of the tests: TypeScript that Node itself does not run. Each message goes to a file, one line each.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { channel, createReach, message, sent } from '@reachkit/core'
import type { ApprovalPolicy } from '@reachkit/core'
import { sqlite } from '@reachkit/store-sql'
import { z } from 'zod'

enum Folder {
  variable = 'REACHKIT_TEST_FOLDER',
}

const folder = process.env[Folder.variable] ?? ''

const lamp = channel({
  name: 'lamp',
  address: z.string(),
  content: z.object({ text: z.string() }),
  async deliver({ to, content }) {
    appendFileSync(join(folder, 'sent.txt'), `${to}: ${content.text}\n`)
    return sent()
  },
})

const sale = message('sale', {
  data: z.object({ name: z.string(), percent: z.coerce.number() }),
  content: { lamp: { text: '{{ name }}, {{ percent }} % off' } },
})

const news = message('news', { purpose: 'marketing', content: { lamp: { text: 'news' } } })

const approvals: ApprovalPolicy[] = [{ when: { purposes: ['marketing'] }, steps: [{ name: 'editor' }] }]

export function reach() {
  return createReach({
    messages: [sale, news],
    channels: { lamp },
    directory: (ids) => Promise.resolve(ids.map((id) => ({ id, addresses: { lamp: `lamp of ${id}` } }))),
    store: sqlite(join(folder, 'reach.db')),
    approvals,
  })
}
