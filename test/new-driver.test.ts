import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from './support/documents.js'

/** A copy of the channel packages, out of sight of the other guards, that finds what the real ones find. */
function copyOfPackages(): string {
  const packages = mkdtempSync(join(root, 'node_modules', '.new-driver-'))
  onTestFinished(() => rmSync(packages, { recursive: true }))
  for (const name of readdirSync(join(root, 'packages')).filter((each) => each.startsWith('channel-'))) {
    const real = join(root, 'packages', name)
    cpSync(join(real, 'src'), join(packages, name, 'src'), { recursive: true })
    symlinkSync(join(real, 'node_modules'), join(packages, name, 'node_modules'), 'junction')
  }
  return packages
}

/** Each of `calls` is what stands behind `npm run new-driver --`. */
function newDriver(packages: string, ...calls: readonly (readonly string[])[]) {
  const script = `import { newDriver } from ${JSON.stringify(join(root, 'scripts/new-driver.mjs'))}
    const codes = ${JSON.stringify(calls)}.map((args) => newDriver(args, ${JSON.stringify(packages)}))
    process.exit(Math.max(...codes))`
  return run(['--input-type=module', '-e', script])
}

function run(args: readonly string[]): { status: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  return { status, printed: stdout + stderr }
}

const channels = (packages: string) =>
  /Channels: (.*)/.exec(newDriver(packages, ['--help']).printed)?.[1]?.split(', ') ?? []

function runTypes(packages: string): { status: number | null; printed: string } {
  const config = join(packages, 'tsconfig.json')
  const options = { extends: join(root, 'tsconfig.base.json'), include: ['*/src/acme-*/*.ts'] }
  writeFileSync(config, JSON.stringify({ ...options, exclude: [] }))
  return run([join(root, 'node_modules/typescript/bin/tsc'), '-p', config])
}

/** The suites of the new drivers, of which those without a call run one case, by one runner: what passed and failed, by name. */
function runSuites(packages: string): Readonly<Record<string, { passed: number; failed: number }>> {
  const config = join(packages, 'vitest.config.mjs')
  const report = join(packages, 'report.json')
  const sources = `${root}packages/$1/src`
  writeFileSync(
    config,
    `export default {
      resolve: {
        alias: [
          { find: /^@reachkit\\/([^/]+)$/, replacement: '${sources}/index.ts' },
          { find: /^@reachkit\\/([^/]+)\\/(.+)$/, replacement: '${sources}/$2/index.ts' },
        ],
      },
      test: { include: ['*/test/*.test.ts'], exclude: [], isolate: false, maxWorkers: 1, testTimeout: 60_000 },
    }`,
  )
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporter = ['--reporter=json', `--outputFile=${report}`]
  run([vitest, 'run', '--root', packages, '--config', config, '-t', '^acme|accept: sent', ...reporter])
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; assertionResults: { status: string }[] }[]
  }
  return Object.fromEntries(
    testResults.map(({ name, assertionResults }) => {
      const count = (wanted: string) => assertionResults.filter(({ status }) => status === wanted).length
      return [/([\w-]+)\.test/.exec(name)?.[1], { passed: count('passed'), failed: count('failed') }]
    }),
  )
}

/** What the author does: writes the vendor's call in place of the throw. */
function writeCalls(packages: string): void {
  const requests = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /acme-\w+-request\.ts$/.test(name),
  )
  for (const name of requests) {
    const file = join(packages, name)
    const written = readFileSync(file, 'utf8')
      .replace(/^ *throw .*\n/m, '')
      .replace('// return', 'return')
    writeFileSync(file, written)
  }
}

test('a new driver of each channel passes the suite of all drivers once its call is written, and not before', () => {
  const packages = copyOfPackages()
  const made = channels(packages)
  expect(made).toEqual(expect.arrayContaining(['email', 'push', 'sms', 'telegram', 'voice', 'wechat', 'whatsapp']))
  const calls = made.flatMap((channel) => ['acme', 'unwritten'].map((name) => [channel, `${name}-${channel}`]))
  expect(newDriver(packages, ...calls)).toMatchObject({ status: 0 })
  expect(runTypes(packages)).toEqual({ status: 0, printed: '' })
  writeCalls(packages)
  const results = runSuites(packages)
  for (const channel of made) {
    const { [`acme-${channel}`]: written, [`unwritten-${channel}`]: unwritten } = results
    expect([channel, unwritten]).toEqual([channel, { passed: 0, failed: 1 }])
    expect([channel, written]).toEqual([channel, { passed: expect.any(Number), failed: 0 }])
    expect(written?.passed).toBeGreaterThan(20)
  }
}, 300_000)

test('a name that is taken, and a channel that there is not, are refused', () => {
  const packages = copyOfPackages()
  for (const args of [['sms', 'twilio'], ['sms', 'aliyun-call'], ['smoke', 'acme'], ['sms', '../acme'], ['sms'], []])
    expect([args, newDriver(packages, args).status]).toEqual([args, 2])
})
