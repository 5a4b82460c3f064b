import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'

const mistakes = fileURLToPath(new URL('types/mistakes.ts', import.meta.url))
const config = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url))

interface Mistake {
  readonly number: number
  readonly name: string
  readonly sentence: string
  readonly line: number
}

const numbered = readFileSync(mistakes, 'utf8')
  .split('\n')
  .flatMap((text, line): readonly Mistake[] => {
    const match = /^ *\/\/ @ts-expect-error (\d+) ([^:]+): (.+)$/.exec(text)
    if (match === null) return []
    const [, number, name = '', sentence = ''] = match
    return [{ number: Number(number), name, sentence, line: line + 1 }]
  })

let diagnostics: readonly ts.Diagnostic[]

beforeAll(() => {
  diagnostics = diagnose()
}, 60_000)

test('Every mistake is numbered, and every directive belongs to a mistake.', () => {
  expect(numbered.map(({ number }) => number)).toEqual(numbered.map((_, index) => index + 1))
  expect(readFileSync(mistakes, 'utf8').match(/@ts-expect-error/g)).toHaveLength(numbered.length)
})

test.each(numbered)('$number: $name', ({ sentence, line }) => {
  const found = diagnostics.filter((diagnostic) => lineOf(diagnostic) === line)
  expect(found.map(innermost)).toEqual([expect.stringMatching(patternOf(sentence))])
})

test('No mistake shows elsewhere, and none is told as a choice of overloads.', () => {
  const lines = new Set<number | undefined>(numbered.map(({ line }) => line))
  expect(diagnostics.filter((diagnostic) => !lines.has(lineOf(diagnostic))).map(innermost)).toEqual([])
  expect(diagnostics.filter((diagnostic) => whole(diagnostic).includes('overload'))).toEqual([])
})

/** Compiles the mistakes without their directives. */
function diagnose(): readonly ts.Diagnostic[] {
  const { config: settings } = ts.readConfigFile(config, (path) => readFileSync(path, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(
    settings,
    ts.sys,
    fileURLToPath(new URL('../../..', import.meta.url)),
  )
  const host = ts.createCompilerHost(options)
  const read = host.readFile.bind(host)
  host.readFile = (path) => (path === mistakes ? read(path)?.replaceAll('@ts-expect-error', '') : read(path))
  const program = ts.createProgram({ rootNames: [mistakes], options, host })
  return program.getSemanticDiagnostics(program.getSourceFile(mistakes))
}

function lineOf({ file, start = 0 }: ts.Diagnostic): number | undefined {
  return file?.getLineAndCharacterOfPosition(start).line
}

function whole({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, '\n')
}

function innermost(diagnostic: ts.Diagnostic): string {
  return whole(diagnostic).split('\n').at(-1)?.trim() ?? ''
}

/** Three dots stand for anything. */
function patternOf(sentence: string): RegExp {
  const literal = sentence.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('\\.\\.\\.', '.*')}$`)
}
