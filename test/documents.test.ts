import { execFileSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { problemsOf } from './support/compile-blocks.js'
import { codeBlocks, documents, isFileOfRepository, readDocument, root } from './support/documents.js'

describe('The program that the README begins with', () => {
  const [program] = codeBlocks(readDocument('README.md'))
  const code = program?.code ?? ''

  test('has ten lines at most, and is the same in each language', () => {
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
    for (const path of ['README.zh-CN.md', 'packages/core/README.md']) {
      expect(codeBlocks(readDocument(path))[0]?.code).toBe(code)
    }
  })

  test('runs as it stands there, against the built packages, and prints what stands below it', () => {
    const cwd = `${root}examples/quickstart`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd, encoding: 'utf8' })
    const [, told = ''] = /```ts[^]+?```[^]+?```\n([^]+?)```/.exec(readDocument('README.md')) ?? []
    expect(withoutId(printed)).toBe(withoutId(told))
    expect(printed).toContain('subject: Order A1 is paid')
  })
})

test.each(documents)('%s: every link leads to a file', (path) => {
  const links = [...readDocument(path).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target)
  const broken = links.filter(
    (target) => !target.startsWith('http') && !existsSync(resolve(root, dirname(path), target)),
  )
  expect(broken).toEqual([])
})

// After a change of such a file: `npm test -- documents -u`.
test.each(documents)('%s: what it shows of the repository is what stands there', async (path) => {
  const shown = readDocument(path).replaceAll(/^(```ts (\S+)\n)[^]*?^```$/gm, (block, fence: string, name: string) =>
    isFileOfRepository(name) ? `${fence}${readFileSync(root + name, 'utf8')}\`\`\`` : block,
  )
  await expect(shown).toMatchFileSnapshot(root + path)
})

test.each(documents)(
  '%s: its code compiles',
  (path) => {
    expect(problemsOf(codeBlocks(readDocument(path)))).toEqual([])
  },
  60_000,
)

function withoutId(text: string): string {
  return text.replace(/\(.+?\)/, '(id)')
}
