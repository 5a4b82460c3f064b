// The command itself, built, in processes of its own; the app that it finds keeps its messages in a file of SQLite.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))
const app = fileURLToPath(new URL('app', import.meta.url))

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'reachkit-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { ...process.env, REACHKIT_TEST_FOLDER: folder }
  const start = (...args: string[]) => spawn(process.execPath, [bin, 'task', ...args], { cwd: app, env })
  const task = async (...args: string[]) => ended(start(...args))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  return {
    start,
    task,
    write,
    hasSent: () => existsSync(join(folder, 'sent.txt')),
    sent: () => readFileSync(join(folder, 'sent.txt'), 'utf8').trim().split('\n').toSorted(),
  }
}

async function ended(child: ReturnType<typeof spawn>) {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err, json: (): unknown => JSON.parse(out) }
}

const byColumns = ['--id', 'customer', '--data', 'name=@first_name', '--data', 'percent:=20']
const rows = '\uFEFFcustomer,first_name\nu1,Ann\nu2,"Be\nn"\nu3\nu4,@Dora\n'

describe('reachkit task', () => {
  it('previews and runs a CSV, and tells what came of it', async () => {
    const { task, write, sent } = setUp()
    const audience = ['--message', 'sale', '--csv', write('people.csv', rows), ...byColumns]
    const preview = await task('preview', ...audience, '--json')
    expect(preview.json()).toMatchObject({
      count: 3,
      isExact: true,
      rejects: 1,
      sample: [{ id: 'u1' }, { id: 'u2' }, { id: 'u4' }],
    })
    const run = await task('run', ...audience, '--number', 'spring', '--by', 'ann')
    expect(run).toMatchObject({ code: 0 })
    expect(run.out).toMatch(/^task +spring\nstate +done\nrecipients +3\nmessages +3 sent\nrows refused +1\n/)
    expect(run.err).toMatch(/\nspring: done in \d:\d\d; of 3: 3 sent; 1 rows refused\n$/)
    expect(sent()).toEqual([
      'lamp of u1: Ann, 20 % off',
      'lamp of u2: Be',
      'lamp of u4: @Dora, 20 % off',
      'n, 20 % off',
    ])
    const status = (await task('status', 'spring', '--json')).json()
    expect(status).toMatchObject({ state: 'done', createdBy: 'ann', progress: { settled: 3, total: 3, rejects: 1 } })
    expect((await task('list', '--state', 'done')).out).toBe('spring  done  sale\n')
    expect((await task('list', '--state', 'paused')).out).toBe('No task.\n')
  })

  it('runs a task file, and keeps what waits for an approval until somebody else gives it', async () => {
    const { task, write, sent } = setUp()
    const file = write(
      'news.json',
      JSON.stringify({ message: 'news', audience: ['u1', 'u2'], number: 'news', by: 'ann' }),
    )
    const asked = await task('run', file)
    expect(asked).toMatchObject({ code: 3, out: 'news needs-approval\n' })
    expect(asked.err).toContain('reachkit task approve news --by <name>')
    expect(await task('approve', 'news', '--by', 'ann')).toMatchObject({
      code: 1,
      err: "reachkit: REACH_APPROVAL_REFUSED: the step 'editor': who created a task may not approve it\n",
    })
    expect(await task('approve', 'news', '--by', 'bob')).toMatchObject({ code: 0, out: 'news scheduled\n' })
    const run = await task('run', 'news', '--json')
    expect(run.code).toBe(0)
    expect(run.json()).toMatchObject({ state: 'done', messages: { sent: 2 } })
    expect(sent()).toEqual(['lamp of u1: news', 'lamp of u2: news'])
  })

  it('detaches on Ctrl-C; paused, resumed and taken up again, the task sends to everybody once', async () => {
    const { start, task, write, sent, hasSent } = setUp()
    const people = Array.from({ length: 600 }, (_, index) => `u${index},N`)
    const file = write('people.csv', ['customer,first_name', ...people].join('\n'))
    const child = start('run', '--message', 'sale', '--csv', file, ...byColumns, '--number', 'long', '--rate', '300/s')
    const watch = setInterval(() => {
      if (!hasSent()) return
      clearInterval(watch)
      child.kill('SIGINT')
    }, 20)
    const run = await ended(child)
    expect(run).toMatchObject({ code: 130, out: '' })
    expect(run.err).toContain('reachkit task run long')
    expect(await task('pause', 'long', '--why', 'a typo')).toMatchObject({ code: 0, out: 'long paused\n', err: '' })
    expect((await task('status', 'long')).out).toContain('pause → paused by ')
    expect(await task('resume', 'long')).toMatchObject({ code: 0, out: 'long running\n' })
    expect(await task('run', 'long')).toMatchObject({ code: 0 })
    expect(new Set(sent()).size).toBe(600)
    expect(sent()).toHaveLength(600)
  })

  it('says in one line what is wrong, and by its exit code whose fault it is', async () => {
    const { task } = setUp()
    const answers = [
      [['pause', 'nope'], 1, "reachkit: REACH_TASK_NOT_FOUND: there is no task 'nope'\n"],
      [['pause'], 2, 'reachkit: pause: the number of a task is missing. See reachkit task pause --help.\n'],
      [['pause', 'nope', '--wat'], 2, "reachkit: pause: Unknown option '--wat'. See reachkit task pause --help.\n"],
      [['run', '--message', 'sale'], 2, 'reachkit: The audience is one of --csv, --ndjson, --segment and --ids.\n'],
      [['list', '--config', 'nowhere.ts'], 2, 'reachkit: There is no nowhere.ts.\n'],
      [
        ['report', 'nope', '--json'],
        1,
        '{"error":{"code":"REACH_TASK_NOT_FOUND","message":"REACH_TASK_NOT_FOUND: there is no task \'nope\'"}}\n',
      ],
    ] as const
    const found = await Promise.all(answers.map(async ([args]) => task(...args)))
    expect(found.map(({ code, err, out }) => ({ code, err, out }))).toEqual(
      answers.map(([, code, err]) => ({ code, err, out: '' })),
    )
  })

  it('names no password of a config that cannot be loaded', async () => {
    const { task, write } = setUp()
    const config = write('reachkit.config.mjs', "throw new Error('no answer from redis://app:s3cret@db.example')")
    const { code, err } = await task('list', '--config', config)
    expect({ code, err }).toEqual({
      code: 2,
      err: 'reachkit: reachkit.config.mjs cannot be loaded: no answer from redis://…@db.example\n',
    })
  })
})
