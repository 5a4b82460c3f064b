export {
  crashingChannel,
  crashingGate,
  crashingStore,
  lossyPool,
  seededRandom,
  virtualClock,
} from '@reachkit/testing'
export type { CrashPoint, VirtualClock } from '@reachkit/testing'
