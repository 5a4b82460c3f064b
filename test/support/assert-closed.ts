// Run with every test file (vitest.config.ts): whoever opens something closes it. Hooks of a file run before this one.
import { afterAll, afterEach } from 'vitest'
import { closeAfterTest } from './every-test.js'
import { handlesLeft, openHandles } from './open-handles.js'

const before = openHandles()
const allowed = new Set<string>()

/** For a file that plays a process that dies, which closes nothing: handles of this kind may be left. Say why beside it. */
export function mayLeaveOpen(kind: string): void {
  allowed.add(kind)
}

afterEach(closeAfterTest)

afterAll(async () => {
  const left = (await handlesLeft(before, allowed.size === 0 ? 2_000 : 0)).filter((kind) => !allowed.has(kind))
  if (left.length > 0) throw new Error(`this file leaves open: ${left.join(', ')}`)
})
