import { poolCases, runCase } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { bullmqSubject } from './bullmq-subject.js'

describe('the pool on BullMQ, by two processes on one Redis', () => {
  it.each(poolCases)('$name', { timeout: 60_000 }, async (wanted) => {
    await expect(runCase(wanted, () => bullmqSubject())).resolves.toBeUndefined()
  })
})
