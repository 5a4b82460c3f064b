// A process of the application: it accepts, or works.
import { setTimeout as pause } from 'node:timers/promises'
import { inFlight } from '../harness/in-flight.js'
import { percentile } from '../harness/statistics.js'
import { answer, given } from '../processes/answer.js'
import { Tally } from '../processes/tally.js'
import { createApp } from '../stores/app.js'
import type { AppSettings } from '../stores/app.js'
import { standInGate } from '../stores/stand-in-gate.js'

interface Settings extends AppSettings {
  /** With what stands in for gates. */
  readonly gates?: boolean
}

const settings = given as Settings
const tally = new Tally()
const standIn = settings.gates === true ? await standInGate(settings.store, settings.url) : undefined
const { reach, notify } = createApp(settings, {
  gates: standIn === undefined ? [] : [standIn.gate],
  onSent: () => tally.add(),
})

answer(
  {
    start: async () => reach.start(),
    produce: async ({ count, width }: { count: number; width: number }) => inFlight(width, count, notify),
    callers: async ({ callers, seconds }: { callers: number; seconds: number }) => {
      const tookMs: number[] = []
      const end = performance.now() + seconds * 1_000
      const caller = async (): Promise<void> => {
        for (let start = performance.now(); start < end; start = performance.now()) {
          await notify()
          tookMs.push(performance.now() - start)
        }
      }
      await Promise.all(Array.from({ length: callers }, caller))
      return { p95: percentile(tookMs, 95), p99: percentile(tookMs, 99), perSecond: tookMs.length / seconds }
    },
    expect: async (count: number) => {
      await tally.reaches(count)
      // Sent is not yet settled.
      while ((await reach.stats()).inFlight > 0) await pause(2)
      if (tally.count !== count) throw new Error(`${tally.count} messages were sent, and ${count} accepted.`)
      tally.reset()
    },
    reached: async (count: number) => tally.reaches(count),
  },
  async () => {
    await reach.stop({ timeout: '5s' })
    await standIn?.close()
  },
)
