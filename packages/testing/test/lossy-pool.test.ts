import { describe, expect, it } from 'vitest'
import type { Envelope } from '@reachkit/core/spec'
import { newEnvelopes, take } from '../src/conformance/pool/envelopes.js'
import { seededRandom } from '../src/random/index.js'
import { lossyPool } from '../src/store/index.js'
import { memorySubject } from './memory-subject.js'

describe('lossyPool', () => {
  it('loses a tenth and hands out a tenth twice', async () => {
    const subject = await memorySubject()
    const pool = lossyPool(subject.pool, { random: seededRandom(5) })
    await pool.push(newEnvelopes('e', 2_000))
    const taken = (await take({ ...subject, pool }, 4_000, { max: 20 })).map(({ id }) => id)
    const different = new Set(taken).size
    expect(different).toBeGreaterThan(1_740)
    expect(different).toBeLessThan(1_860)
    expect(taken.length - different).toBeGreaterThan(140)
    expect(taken.length - different).toBeLessThan(260)
    await pool.close()
  })

  it('does neither where it is told not to, and hands on all else', async () => {
    const subject = await memorySubject()
    const pool = lossyPool(subject.pool, { random: seededRandom(5), lose: 0, double: 0 })
    await pool.push(newEnvelopes('e', 100))
    const taken = await take({ ...subject, pool }, 100)
    expect(taken).toHaveLength(100)
    await pool.renew(taken)
    expect((await pool.depth()).map(({ leased }) => leased)).toEqual([100])
    await pool.ack(taken)
    expect(await pool.depth()).toEqual([])
    await pool.close()
    expect(await subject.pool.consume('P2').next(1, new AbortController().signal)).toEqual([])
  })

  it('may double an envelope that was acked by then', async () => {
    const subject = await memorySubject()
    const pool = lossyPool(subject.pool, { random: seededRandom(5), lose: 0, double: 1 })
    await pool.push(newEnvelopes('e', 1))
    const lossy = { ...subject, pool }
    const [first] = await take(lossy, 1)
    await pool.ack(first === undefined ? [] : [first])
    expect(await take(lossy, 1)).toEqual([first])
    expect(await take(lossy, 1)).toEqual([])
    await pool.close()
  })

  it('tells of what it lost', async () => {
    const subject = await memorySubject()
    const lost: string[] = []
    const onLost = (envelopes: readonly Envelope[]): void => void lost.push(...envelopes.map(({ id }) => id))
    const pool = lossyPool(subject.pool, { random: seededRandom(5), onLost })
    const pushed = newEnvelopes('e', 100)
    await pool.push(pushed)
    const taken = (await take({ ...subject, pool }, 200)).map(({ id }) => id)
    expect(lost.length).toBeGreaterThan(0)
    expect(new Set([...taken, ...lost])).toEqual(new Set(pushed.map(({ id }) => id)))
    expect(lost.filter((id) => taken.includes(id))).toEqual([])
    await pool.close()
  })
})
