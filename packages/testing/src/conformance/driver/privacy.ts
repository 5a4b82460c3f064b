import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { ConformanceCase } from '../case.js'
import { attempt } from './attempt.js'
import { until } from '../soon.js'
import { type DriverSubject, endlessModes } from './subject.js'

/** All that the driver says while its counterpart does this. */
async function told(subject: DriverSubject, mode: DriverSubject['counterpart']['modes'][number]): Promise<string> {
  const { counterpart } = subject
  await counterpart.tell(mode)
  const before = counterpart.keys().length
  const stop = new AbortController()
  const attempted = attempt(subject, { signal: stop.signal })
  if (endlessModes.has(mode)) {
    await Promise.race([
      attempted,
      until(() => counterpart.keys().length > before, 'the attempt arrives', subject.patienceMs),
    ])
    stop.abort()
  }
  return (await attempted).told
}

export const privacyCases: readonly ConformanceCase<DriverSubject>[] = [
  {
    name: 'privacy: no address, body or secret in a reason, error or log line',
    promise: 'It never logs or records an address, a body or a secret.',
    async run(subject) {
      assert(subject.secrets.length > 0, 'the subject names what may not be told')
      for (const mode of subject.counterpart.modes) {
        const text = await told(subject, mode)
        const leaked = subject.secrets.findIndex((secret) => text.includes(secret))
        assert.equal(leaked, -1, `secret number ${leaked} is told when the counterpart is to ${mode}`)
      }
    },
  },
  {
    name: 'privacy: no secret in the driver itself',
    promise: 'It never logs or records an address, a body or a secret: not where the driver itself is printed either.',
    async run({ driver, secrets }) {
      const shown = inspect(driver, { depth: 10, showHidden: true, getters: true }) + JSON.stringify(driver)
      const leaked = secrets.findIndex((secret) => shown.includes(secret))
      assert.equal(leaked, -1, `secret number ${leaked} is shown by inspect() or JSON of the driver`)
    },
  },
]
