import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from './support/documents.js'

/** A copy of a channel package beside the real one, so that what it needs is found from there. */
function copyOf(channel: string): { folder: string; packages: string } {
  const real = join(root, 'packages', channel)
  const packages = mkdtempSync(join(real, 'node_modules', '.new-driver-'))
  onTestFinished(() => rmSync(packages, { recursive: true }))
  const folder = join(packages, channel)
  cpSync(join(real, 'src'), join(folder, 'src'), { recursive: true })
  return { folder, packages }
}

function generate(packages: string, args: readonly string[]): number | null {
  const script = `import { newDriver } from ${JSON.stringify(join(root, 'scripts/new-driver.mjs'))}
    process.exit(newDriver(${JSON.stringify(args)}, ${JSON.stringify(packages)}))`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root }).status
}

/** The suite of the new driver, by a runner of its own: what it prints, and whether it passed. */
function runSuite(folder: string): { status: number | null; printed: string } {
  const config = join(folder, 'vitest.config.mjs')
  const alias = [
    { find: '^@reachkit/([^/]+)$', replacement: `${root}packages/$1/src/index.ts` },
    { find: '^@reachkit/([^/]+)/(.+)$', replacement: `${root}packages/$1/src/$2/index.ts` },
  ]
  const aliases = alias.map(
    (one) => `{ find: new RegExp(${JSON.stringify(one.find)}), replacement: ${JSON.stringify(one.replacement)} }`,
  )
  writeFileSync(
    config,
    `export default { resolve: { alias: [${aliases.join()}] }, test: { include: ['test/*.test.ts'], exclude: [] } }`,
  )
  const runner = join(root, 'node_modules/vitest/vitest.mjs')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [runner, 'run', '--root', folder, '--config', config, '--reporter=verbose'],
    { encoding: 'utf8' },
  )
  return { status, printed: stdout + stderr }
}

test('a new driver passes the conformance suite as it is written', () => {
  const { folder, packages } = copyOf('channel-sms')
  expect(generate(packages, ['sms', 'acme-text'])).toBe(0)
  const { status, printed } = runSuite(folder)
  expect(printed).toMatch(/accept: sent/)
  expect([status, printed.match(/Tests .*/)?.[0]]).toEqual([0, expect.stringContaining('passed')])
}, 120_000)

test('a name that is taken, and a channel that there is not, are refused', () => {
  const { packages } = copyOf('channel-sms')
  expect(generate(packages, ['sms', 'twilio'])).toBe(2)
  expect(generate(packages, ['smoke', 'acme'])).toBe(2)
  expect(generate(packages, ['sms', '../acme'])).toBe(2)
})
