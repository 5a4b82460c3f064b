import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A block of TypeScript in a document. Its name is what follows `ts` on the fence. */
export interface CodeBlock {
  readonly name: string | undefined
  readonly code: string
}

export const documents: readonly string[] = [
  'README.md',
  'README.zh-CN.md',
  'packages/core/README.md',
  'examples/quickstart/README.md',
  'examples/express/README.md',
  'examples/custom-channel/README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

export function readDocument(path: string): string {
  return readFileSync(root + path, 'utf8')
}

export function codeBlocks(text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^```ts(?: (\S+))?\n([^]*?)^```$/gm)].map(([, name, code = '']) => ({ name, code }))
}

/** True for a block that shows a file of this repository. */
export function isFileOfRepository(name: string | undefined): name is string {
  return name?.includes('/') === true && existsSync(root + name)
}
