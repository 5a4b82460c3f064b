import { describe, expect, it } from 'vitest'
import { runScript } from './support/run-script.js'

describe('The memory store', () => {
  it('does not grow with a million messages, once those that are done have passed the retention.', async () => {
    const { code, lines, errors } = await runScript('million', [], ['--expose-gc'])
    expect([code, errors]).toEqual([0, ''])
    const { count, early, grown } = JSON.parse(lines[0] ?? '{}')
    expect(count).toBeGreaterThanOrEqual(1_000_000)
    expect(early).toBeLessThan(64 * 2 ** 20)
    expect(grown).toBeLessThan(4 * 2 ** 20)
  }, 240_000)
})
