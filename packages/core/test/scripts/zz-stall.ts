import { channel, createReach, message, sent } from '@reachkit/core'
import { z } from 'zod'
const lamp = channel({ name: 'lamp', address: z.string(), content: z.object({ text: z.string() }), deliver: async () => sent() })
const ping = message('ping', { content: { lamp: { text: 'x' } } })
const reach = createReach({ messages: [ping], channels: { lamp } })
await reach.start()
let last = performance.now()
const gaps: number[] = []
let run = true
const tick = () => { const now = performance.now(); gaps.push(now - last); last = now; if (run) setImmediate(tick) }
setImmediate(tick)
const to = Array.from({ length: 50_000 }, (_, i) => ({ lamp: `l${i}` }))
const a = await reach.notify('ping', to)
console.log('accepted', gaps.toSorted((x, y) => y - x).slice(0, 5))
while ((await reach.get(a.ids.at(-1) ?? ''))?.state !== 'done') await new Promise((r) => setImmediate(r))
run = false
console.log('done', gaps.toSorted((x, y) => y - x).slice(0, 8))
await reach.stop()
