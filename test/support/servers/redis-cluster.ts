import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import { startOwnRedis } from './redis.js'
import type { TestServer } from './server.js'
import { freePort } from './start.js'

/** Three nodes that share the slots, on this machine. */
export interface RedisCluster {
  readonly ports: readonly number[]
  /** Moves the slot of this tag with all that is in it to the next node, some keys at a time, as an operator's tool does. Answers how many. */
  moveSlot(tag: string): Promise<number>
  stop(): Promise<void>
}

interface Node {
  callBuffer(command: string, ...args: (string | number | Buffer)[]): Promise<unknown>
  disconnect(): void
}

// The client is a peer of the store, so it is found from there.
const { Redis } = createRequire(new URL('../../../packages/store-redis/package.json', import.meta.url))('ioredis') as {
  Redis: new (url: string) => Node
}

const slots = 16_384
const formedWithinMs = 30_000
const keysAtOnce = 100

export async function startRedisCluster(): Promise<RedisCluster> {
  const servers = await Promise.all([0, 1, 2].map(startNode))
  const nodes = servers.map(({ url }) => new Redis(url))
  const ports = servers.map(({ url }) => Number(new URL(url).port))
  const stop = async (): Promise<void> => {
    for (const node of nodes) node.disconnect()
    await Promise.all(servers.map((server) => server.stop()))
  }
  try {
    await join(nodes, ports)
  } catch (error) {
    await stop()
    throw error
  }
  const owners = new Map<number, number>()
  return {
    ports,
    stop,
    async moveSlot(tag) {
      const slot = Number(await nodes[0]?.callBuffer('cluster', 'keyslot', `{${tag}}`))
      const from = owners.get(slot) ?? nodes.findIndex((_, index) => slot < shareOf(index + 1))
      const to = (from + 1) % nodes.length
      const moved = await migrate({ nodes, ports, slot, from, to })
      owners.set(slot, to)
      return moved
    },
  }
}

async function startNode(): Promise<TestServer> {
  const bus = await freePort()
  return startOwnRedis({ settings: { 'cluster-enabled': 'yes', 'cluster-port': `${bus}` } })
}

/** The first slot of this node. */
function shareOf(node: number): number {
  return Math.floor((slots * node) / 3)
}

async function join(nodes: readonly Node[], ports: readonly number[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    await node.callBuffer('cluster', 'addslotsrange', shareOf(index), shareOf(index + 1) - 1)
    await node.callBuffer('config', 'set', 'cluster-require-full-coverage', 'yes')
  }
  const [first, ...others] = nodes
  const [, bus] = ((await first?.callBuffer('config', 'get', 'cluster-port')) ?? []) as Buffer[]
  for (const node of others) await node.callBuffer('cluster', 'meet', '127.0.0.1', ports[0] ?? 0, Number(String(bus)))
  const deadline = performance.now() + formedWithinMs
  for (;;) {
    const states = await Promise.all(nodes.map(async (node) => String(await node.callBuffer('cluster', 'info'))))
    if (states.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'))) return
    if (performance.now() > deadline) throw new Error('the cluster did not form in time')
    await wait(50)
  }
}

interface Move {
  readonly nodes: readonly Node[]
  readonly ports: readonly number[]
  readonly slot: number
  readonly from: number
  readonly to: number
}

async function migrate({ nodes, ports, slot, from, to }: Move): Promise<number> {
  const ids = await Promise.all(nodes.map(async (node) => String(await node.callBuffer('cluster', 'myid'))))
  const [source, target] = [nodes[from], nodes[to]]
  if (source === undefined || target === undefined) throw new Error('there are three nodes')
  await target.callBuffer('cluster', 'setslot', slot, 'importing', ids[from] ?? '')
  await source.callBuffer('cluster', 'setslot', slot, 'migrating', ids[to] ?? '')
  let moved = 0
  for (;;) {
    const keys = (await source.callBuffer('cluster', 'getkeysinslot', slot, keysAtOnce)) as Buffer[]
    if (keys.length === 0) break
    await source.callBuffer('migrate', '127.0.0.1', ports[to] ?? 0, '', 0, 5_000, 'KEYS', ...keys)
    moved += keys.length
    await wait(1)
  }
  for (const node of [target, source]) await node.callBuffer('cluster', 'setslot', slot, 'node', ids[to] ?? '')
  return moved
}
