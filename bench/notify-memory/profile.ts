// Where the time of notify-memory goes: `cd bench && NODE_ENV=production node --import tsx notify-memory/profile.ts`.
// Prints the functions with the largest self time, in microseconds of CPU a message; a file's lines are those of `dist`,
// its name that of the source which the bundler notes there. `--cpuprofile <dir>` also writes what Chrome DevTools opens.
import { readFileSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { inFlight } from '../harness/in-flight.js'
import { notifyOnce, reach } from './ours.js'

const { values } = parseArgs({
  options: {
    cpuprofile: { type: 'string' },
    messages: { type: 'string', default: '40000' },
    top: { type: 'string', default: '45' },
  },
})
const cache = new Map<string, readonly string[]>()
const messages = Number(values.messages)

for (const [name, width] of [
  ['50 in flight', 50],
  ['one by one', 1],
] as const) {
  await inFlight(width, messages, notifyOnce)
  const { profile, cpuMicros } = await profiled(() => inFlight(width, messages, notifyOnce))
  if (values.cpuprofile !== undefined) {
    writeFileSync(join(values.cpuprofile, `${name.replaceAll(' ', '-')}.cpuprofile`), JSON.stringify(profile))
  }
  print(name, profile, cpuMicros / messages)
}
await reach.stop()

async function profiled(work: () => Promise<void>): Promise<{ profile: Profiler.Profile; cpuMicros: number }> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 250 })
  await session.post('Profiler.start')
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return { profile, cpuMicros: user + system }
}

function print(mode: string, { nodes }: Profiler.Profile, cpuPerMessage: number): void {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const self = new Map<string, number>()
  const whole = new Map<string, number>()
  const add = (to: Map<string, number>, name: string, hits: number) => to.set(name, (to.get(name) ?? 0) + hits)
  function walk(node: Profiler.ProfileNode, above: ReadonlySet<string>): number {
    const name = nameOf(node)
    if (name === '(idle)') return 0
    const within = new Set(above).add(name)
    const own = node.hitCount ?? 0
    const below = (node.children ?? []).map((id) => known.get(id)).filter((child) => child !== undefined)
    const hits = below.reduce((sum, child) => sum + walk(child, within), own)
    add(self, name, own)
    if (!above.has(name)) add(whole, name, hits)
    return hits
  }
  const [root] = nodes
  const total = root === undefined ? 0 : walk(root, new Set())
  const micros = (hits: number) => ((hits / total) * cpuPerMessage).toFixed(2).padStart(8)
  const rows = (hits: Map<string, number>, other: Map<string, number>) =>
    [...hits]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, Number(values.top))
      .map(([name, count]) => `${micros(count)} ${micros(other.get(name) ?? 0)}  ${name}`)
      .join('\n')
  console.log(`## ${mode}: ${cpuPerMessage.toFixed(1)} us of CPU a message with the profiler running\n`)
  console.log(`    self    whole  by self time\n${rows(self, whole)}\n`)
  console.log(`   whole     self  by time with what it calls before its first await\n${rows(whole, self)}\n`)
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Profiler.ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${sourceOf(url, lineNumber)}:${lineNumber + 1}`
}

/** The source that a line of a bundle came from: esbuild writes its path as a comment above it. */
function sourceOf(url: string, line: number): string {
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  if (!path.includes('/dist/')) return path.split('/node_modules/').at(-1) ?? path
  const above = linesOf(path).slice(0, line + 1)
  const comment = above.findLast((text) => /^\/\/ \S+\.[cm]?[jt]s$/.test(text))
  return comment === undefined ? path : (comment.slice(3).split('/node_modules/').at(-1) ?? path)
}

function linesOf(path: string): readonly string[] {
  const lines = cache.get(path) ?? readFileSync(path, 'utf8').split('\n')
  cache.set(path, lines)
  return lines
}
