export { endOfLeader, handBack, isEnding } from './hand-back.js'
export { passDigests } from './pass-digests.js'
