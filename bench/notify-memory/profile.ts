import type { HeapProfiler, Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { hotSpots } from '../harness/hot-spots.js'
import type { CallNode } from '../harness/hot-spots.js'
import { inFlight } from '../harness/in-flight.js'
import { notifyOnce } from './ours.js'

const rows = 45
const session = new Session()

/** Prints where the time and the memory of a message go. Names are those of the sources, line numbers those of `dist`. */
export async function printProfile(width: number, messages: number): Promise<void> {
  const work = async () => inFlight(width, messages, notifyOnce)
  session.connect()
  console.log(`# ${width} in flight\n`)
  await work()
  await profileTime(work, messages)
  await profileMemory(work, messages)
  session.disconnect()
}

async function profileTime(work: () => Promise<void>, messages: number): Promise<void> {
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 250 })
  await session.post('Profiler.start')
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  const { profile } = await session.post('Profiler.stop')
  await session.post('Profiler.disable')
  const micros = (user + system) / messages
  console.log(`${micros.toFixed(1)} microseconds of CPU a message, with the profiler running\n`)
  console.log(`${hotSpots(timeTree(profile), micros, rows)}\n`)
}

async function profileMemory(work: () => Promise<void>, messages: number): Promise<void> {
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 8_192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await work()
  const { profile } = await session.post('HeapProfiler.stopSampling')
  const root = memoryTree(profile.head)
  const bytes = sizeOf(root) / messages
  console.log(`${bytes.toFixed(0)} bytes allocated a message\n`)
  console.log(`${hotSpots(root, bytes, rows)}\n`)
}

function timeTree({ nodes }: Profiler.Profile): CallNode {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const tree = ({ callFrame, hitCount = 0, children = [] }: Profiler.ProfileNode): CallNode => ({
    functionName: callFrame.functionName,
    url: callFrame.url,
    line: callFrame.lineNumber,
    own: hitCount,
    below: children.flatMap((id) => known.get(id) ?? []).map(tree),
  })
  const [root] = nodes
  if (root === undefined) throw new Error('The profile is empty.')
  return tree(root)
}

function memoryTree({ callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode): CallNode {
  const { functionName, url, lineNumber } = callFrame
  return { functionName, url, line: lineNumber, own: selfSize, below: children.map(memoryTree) }
}

function sizeOf({ own, below }: CallNode): number {
  return below.reduce((sum, child) => sum + sizeOf(child), own)
}
