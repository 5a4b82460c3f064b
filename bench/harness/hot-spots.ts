import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A node of a profile: time samples or bytes that it spent itself, and what it called. */
export interface CallNode {
  readonly functionName: string
  readonly url: string
  /** From 0. */
  readonly line: number
  readonly own: number
  readonly below: readonly CallNode[]
}

/** The functions of a profile, those first that spent the most themselves, with their part of `total` in its unit. */
export function hotSpots(root: CallNode, total: number, rows: number): string {
  const own = new Map<string, number>()
  const whole = new Map<string, number>()
  const all = walk(root, new Set())
  const part = (value = 0) => ((value / all) * total).toFixed(2).padStart(9)
  const table = (by: Map<string, number>) =>
    [...by]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, rows)
      .map(([name]) => `${part(own.get(name))} ${part(whole.get(name))}  ${name}`)
      .join('\n')
  return `     self     whole  most by themselves\n${table(own)}\n\n     self     whole  most with what they call before their first await\n${table(whole)}`

  function walk(node: CallNode, above: ReadonlySet<string>): number {
    if (node.functionName === '(idle)') return 0
    const name = nameOf(node)
    const within = new Set(above).add(name)
    const sum = node.below.reduce((before, child) => before + walk(child, within), node.own)
    own.set(name, (own.get(name) ?? 0) + node.own)
    if (!above.has(name)) whole.set(name, (whole.get(name) ?? 0) + sum)
    return sum
  }
}

function nameOf({ functionName, url, line }: CallNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${sourceOf(url, line)}:${line + 1}`
}

const lines = new Map<string, readonly string[]>()

/** The source that a line of a bundle came from: esbuild writes its path as a comment above it. */
function sourceOf(url: string, line: number): string {
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  if (!path.includes('/dist/')) return shortened(path)
  const text = lines.get(path) ?? readFileSync(path, 'utf8').split('\n')
  lines.set(path, text)
  const comment = text.slice(0, line + 1).findLast((each) => /^\/\/ \S+\.[cm]?[jt]s$/.test(each))
  return shortened(comment?.slice(3) ?? path)
}

function shortened(path: string): string {
  return path.split(/\/node_modules\/|\/bench\//).at(-1) ?? path
}
