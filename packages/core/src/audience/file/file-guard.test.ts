import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { audienceContext, fileOf, planOf, readAll } from '../../../test/support/audience-world.js'
import { errorOf } from '../../../test/support/error-of.js'
import { csv, openAudience } from '../index.js'
import { type FileSystem, nodeFiles } from './file-system.js'

const content = `id\n${Array.from({ length: 1_000 }, (_, index) => `user-${index}`).join('\n')}\n`

/** A run that has read its first page, and goes on in another process. */
async function begun() {
  const path = fileOf(content)
  const files = counted(nodeFiles)
  const context = audienceContext({ fileSystem: files })
  const plan = await planOf(csv(path), context)
  const { next = '' } = await (await openAudience(plan, context)).page({ cursor: '', limit: 10 })
  const again = async () => openAudience(plan, context)
  return { path, files, next, again, goOn: async () => (await again()).page({ cursor: next, limit: 10 }) }
}

function counted(files: FileSystem) {
  return {
    stat: vi.fn<FileSystem['stat']>(async (path) => files.stat(path)),
    open: vi.fn<FileSystem['open']>(async (path, flags) => files.open(path, flags)),
  }
}

/** Keeps the time, as a copy tool may. */
function rewrite(path: string, text: string): void {
  const { atime, mtime } = statSync(path)
  writeFileSync(path, text)
  utimesSync(path, atime, mtime)
}

describe('A file that changes between two pages ends the run', () => {
  test.each<[string, (path: string) => void]>([
    ['longer', (path) => appendFileSync(path, 'x\n')],
    ['shorter', (path) => writeFileSync(path, content.slice(0, 100))],
    ['longer, at the same time', (path) => rewrite(path, `${content}x\n`)],
    ['other content of the same size', (path) => writeFileSync(path, content.replaceAll('user', 'uzer'))],
    [
      'another file in its place',
      (path) => {
        writeFileSync(`${path}.new`, content.replaceAll('user', 'uzer'))
        renameSync(`${path}.new`, path)
        // The clock of a file system moves in steps of some milliseconds.
        utimesSync(path, new Date(), new Date(Date.now() + 1_000))
      },
    ],
    ['empty', (path) => writeFileSync(path, '')],
  ])('%s', async (_, change) => {
    const { path, goOn, again } = await begun()
    change(path)
    const error = await errorOf(goOn)
    expect(error.message).toBe(
      "REACH_AUDIENCE_CHANGED: the file 'people.csv' is not what it was when the task was created; create another task for the new content.",
    )
    const source = await again()
    expect((await errorOf(() => source.page({ cursor: '', limit: 10 }))).code).toBe('REACH_AUDIENCE_CHANGED')
  })

  test('gone', async () => {
    const { path, goOn, again } = await begun()
    rmSync(path)
    expect((await errorOf(goOn)).message).toBe("REACH_AUDIENCE_GONE: the file 'people.csv' is not there.")
    const source = await again()
    expect((await errorOf(() => source.page({ cursor: '', limit: 10 }))).code).toBe('REACH_AUDIENCE_GONE')
  })

  test('while a page is read', async () => {
    const path = fileOf(content)
    let isArmed = false
    const files: FileSystem = {
      ...nodeFiles,
      open: async (name, flags) => {
        const file = await nodeFiles.open(name, flags)
        if (isArmed) writeFileSync(path, content.replaceAll('user', 'uzer'))
        return file
      },
    }
    const context = audienceContext({ fileSystem: files })
    const plan = await planOf(csv(path), context)
    const { next = '' } = await (await openAudience(plan, context)).page({ cursor: '', limit: 10 })
    isArmed = true
    const resumed = await openAudience(plan, context)
    expect((await errorOf(() => resumed.page({ cursor: next, limit: 10 }))).code).toBe('REACH_AUDIENCE_CHANGED')
  })
})

test('Other content of the same size and time is noticed when the next run begins.', async () => {
  const { path, again } = await begun()
  rewrite(path, content.replaceAll('user', 'uzer'))
  const source = await again()
  expect((await errorOf(() => source.page({ cursor: '', limit: 10 }))).code).toBe('REACH_AUDIENCE_CHANGED')
})

test('A file that was only touched is hashed once more, and read on.', async () => {
  const { path, files, goOn, again } = await begun()
  utimesSync(path, 1, 1)
  files.open.mockClear()
  expect((await goOn()).items.map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, index) => `user-${index + 10}`),
  )
  const opens = files.open.mock.calls.length
  await goOn()
  expect([opens, files.open.mock.calls.length]).toEqual([2, 3])
  expect((await readAll(await again())).items.length).toBe(1_000)
})

test('What the file system refuses is no change: the cause is attached.', async () => {
  const path = fileOf(content)
  const plan = await planOf(csv(path))
  const cause = Object.assign(new Error('secret'), { code: 'EACCES' })
  const fileSystem: FileSystem = { ...nodeFiles, open: async () => Promise.reject(cause) }
  const source = await openAudience(plan, audienceContext({ fileSystem }))
  const error = await errorOf(() => source.page({ cursor: '', limit: 1 }))
  expect([error.message, error.cause]).toEqual(["REACH_AUDIENCE_FAILED: the file 'people.csv' cannot be read.", cause])
})

test.each<[string, () => string, string]>([
  ['no file', () => `${fileOf('')}.none`, 'REACH_AUDIENCE_GONE'],
  ['a directory', () => `${fileOf('')}/..`, 'REACH_AUDIENCE_INVALID'],
])('A task is not created on %s.', async (_, path, code) => {
  expect((await errorOf(() => planOf(csv(path())))).code).toBe(code)
})

test('Nothing of a file stays open, and an aborted run reads no further.', async () => {
  const path = fileOf(content)
  let open = 0
  const files: FileSystem = {
    ...nodeFiles,
    open: async (name, flags) => {
      const file = await nodeFiles.open(name, flags)
      open += 1
      return { read: (...given) => file.read(...given), close: async () => file.close().then(() => void (open -= 1)) }
    },
  }
  const abort = new AbortController()
  const context = audienceContext({ fileSystem: files, signal: abort.signal })
  const source = await openAudience(await planOf(csv(path), context), context)
  await source.page({ cursor: '', limit: 10 })
  expect(open).toBe(0)
  abort.abort(new Error('stopped'))
  await expect(source.page({ cursor: '', limit: 10 })).rejects.toThrow('stopped')
})
