// `done({ bar: true })` in a process of its own: where it writes, and how it leaves the terminal.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runScript } from './support/run-script.js'

const hidden = '\u001B[?25l'
const given = '\u001B[?25h'

describe.concurrent('A script that shows a bar', () => {
  it('writes it to standard error, and its output stays its own', async () => {
    const { code, lines, errors } = await runScript('bar', ['terminal'])
    expect({ code, lines }).toEqual({ code: 0, lines: ['{"sent":100}'] })
    expect(errors.indexOf(hidden)).toBeGreaterThan(-1)
    expect(errors.indexOf(given)).toBeGreaterThan(errors.indexOf(hidden))
    expect(errors).toMatch(/\nspring: done in \d:\d\d; of 100: 100 sent\n$/)
  })

  it('writes plain lines to what is no terminal', async () => {
    const { code, errors } = await runScript('bar', ['pipe'])
    expect(code).toBe(0)
    expect(errors).not.toContain('\u001B')
    expect(errors).toMatch(/^spring .*\n(?:spring .*\n)*spring: done in /)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('gives the cursor back on %s, and ends by it', async (signal) => {
    const script = fileURLToPath(new URL('scripts/bar.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, 'terminal', '60000'])
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      if (!errors.includes(hidden) && chunk.includes(hidden)) child.kill(signal)
      errors += chunk.toString()
    })
    const ended = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)))
    expect(ended).toBe(signal)
    expect(errors.indexOf(given)).toBeGreaterThan(errors.indexOf(hidden))
  })
})
