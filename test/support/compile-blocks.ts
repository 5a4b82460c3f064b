import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { codeBlocks, isFileOfRepository, readDocument, root } from './documents.js'
import type { CodeBlock } from './documents.js'

// Blocks are compiled as if they stood in the quick start, which has every package that they import. A block with a
// name can be imported by others, in the README's case by those of other documents too.
const folder = `${root}examples/quickstart/`

const customers: CodeBlock = {
  name: 'customers.ts',
  code: `import type { Person } from '@reachkit/core'
export declare const customers: { find(ids: readonly string[]): Promise<Person<{ email: string }>[]> }`,
}

const options = readOptions()
const parsed = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says of these blocks, each of them a file of its own; files of the repository are left out. */
export function problemsOf(blocks: readonly CodeBlock[]): readonly string[] {
  const files = new Map<string, string>()
  for (const { name, code } of [...codeBlocks(readDocument('README.md')), customers]) {
    if (name !== undefined) files.set(folder + name, code)
  }
  const roots = blocks.flatMap(({ name, code }, index) => {
    if (isFileOfRepository(name)) return []
    const path = `${folder}${name ?? `block-${index + 1}.ts`}`
    files.set(path, code)
    return [path]
  })
  // Known to every block: the e-mail channel, and the pager of the quick start.
  const known = [`${folder}shop/messages.ts`]
  const program = ts.createProgram({ rootNames: [...roots, ...known], options, host: hostOf(files) })
  const found = roots.flatMap((path) => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  })
  return found.map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
    return `${file?.fileName.replace(folder, '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, (path) => readFileSync(path, 'utf8'))
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options
}

/** The compiler's own host, with these files beside those of the disk; what was parsed is kept for the next program. */
function hostOf(files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  return {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile(path, target, onError) {
      const text = files.get(path)
      if (text !== undefined) return ts.createSourceFile(path, text, target)
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, target, onError))
      return parsed.get(path)
    },
  }
}
