#!/usr/bin/env node
import { userInfo } from 'node:os'
import { main } from './main.js'

// Nothing that an app's config leaves open keeps the command from ending, and nothing that is not open ends it early.
const held = setInterval(() => {}, 2 ** 30)
const code = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  out: process.stdout,
  err: process.stderr,
  userName,
})
clearInterval(held)
process.stdout.write('', () => process.exit(code))

/** Undefined where the system knows no name, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
