// The run itself, small: npm run chaos is the real one.
import { expect, it, onTestFinished } from 'vitest'
import { buildPrograms } from '../process/programs.js'
import { parseCommand } from '../run/options.js'
import { runChaos } from '../run/run.js'

it('A small run on SQLite in which two workers are killed keeps every promise.', async () => {
  const { runs } = parseCommand([
    '--store',
    'sqlite',
    '--messages',
    '400',
    '--kills',
    '2',
    '--workers',
    '3',
    '--limit',
    '90',
  ])
  const { programs, remove } = await buildPrograms()
  onTestFinished(remove)
  const [options] = runs
  if (options === undefined) throw new Error('there is no run')
  const result = await runChaos(options, { programs, say: () => {}, verbose: false })
  expect(result.broken).toEqual([])
  expect(result).toMatchObject({ lost: 0, duplicated: 0, kills: 2, stops: 1, producerKills: 1, holds: true })
  expect(result.done + result.held).toBe(400)
}, 150_000)

it('A task on SQLite whose workers are killed 20 times, ten of them while they have its run, reaches everybody once.', async () => {
  const { runs } = parseCommand(
    '--store sqlite --way task --messages 3000 --kills 20 --workers 3 --lease 1000 --seed 5 --limit 200'.split(' '),
  )
  const { programs, remove } = await buildPrograms()
  onTestFinished(remove)
  const [options] = runs
  if (options === undefined) throw new Error('there is no run')
  const result = await runChaos(options, { programs, say: () => {}, verbose: false })
  expect(result.broken).toEqual([])
  expect(result).toMatchObject({ lost: 0, duplicated: 0, kills: 20, pauses: 2, leaked: 0, deploys: 1, holds: true })
  expect(result.readerKills).toBeGreaterThan(4)
  expect(result.done + result.held).toBe(3_000)
}, 300_000)
