// How a script of an app ends: by itself, with code 0, and not before its messages are sent.
import { describe, expect, it } from 'vitest'
import { runScript } from './support/run-script.js'

describe.concurrent('A script', () => {
  it.each([
    ['that awaits settled()', 'settled', ['sent', 'sent']],
    ['that awaits settled() of a slow driver without a handle of its own', 'slow', ['sent', 'sent']],
    ['that awaits nothing', 'forgotten', ['sent']],
    ['whose message is tried again', 'retried', ['sent']],
    ['whose message is due soon', 'soon', ['sent']],
    ['whose message is due tomorrow', 'tomorrow', ['']],
    ['that only starts', 'started', ['']],
    ['that stops', 'stopped', ['sent', '0 left']],
  ])(
    '%s exits by itself.',
    async (_name, what, lines) => {
      expect(await runScript('script', [what])).toEqual({ code: 0, lines, errors: '' })
    },
    20_000,
  )
})
