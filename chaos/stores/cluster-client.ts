import { createRequire } from 'node:module'
import type * as Ioredis from 'ioredis'

// Loaded where a run has a cluster: every process that dies in a test would spend a tenth of a second on it.
const load = createRequire(import.meta.url)

/** An app's own client of the cluster whose nodes have these ports, as a store takes it. */
export function clusterOf(ports: string): Ioredis.Cluster {
  const { Cluster } = load('ioredis') as typeof Ioredis
  const cluster = new Cluster(ports.split(',').map((port) => ({ host: '127.0.0.1', port: Number(port) })))
  return cluster.on('error', () => {})
}
