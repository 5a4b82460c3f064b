import { describe, expect, test } from 'vitest'
import { runScript } from '../../../test/support/run-script.js'

const mebibyte = 2 ** 20

describe('The memory that a file takes', () => {
  test('is the same for a million lines as for a hundred thousand, and for a quote that never ends.', async () => {
    const { code, lines, errors } = await runScript('audience-million', [], ['--expose-gc'])
    expect([code, errors]).toEqual([0, ''])
    const [million, endless, broken] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(million).toMatchObject({ items: 1_000_000, rejects: 0 })
    expect(million?.['grown']).toBeLessThan(4 * mebibyte)
    // One line of 64 MiB: it is skipped. 65,536 lines behind a quote: it costs its own line, and each other is looked at.
    expect(endless).toMatchObject({ items: 0, rejects: 1, firstRejects: [2] })
    expect(broken).toMatchObject({ items: 0, rejects: 65_536, firstRejects: [2, 3, 4] })
    for (const told of [million, endless, broken]) expect(told?.['peak']).toBeLessThan(16 * mebibyte)
  }, 240_000)
})
