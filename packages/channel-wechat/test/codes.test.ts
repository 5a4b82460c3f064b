import { startHttpVendor, type VendorAnswer } from '@reachkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { driverOf, openProcesses, request } from './support/processes.js'
import { drivers, tokenOffice } from './support/samples.js'

const [account, mini, app, robot] = drivers

/** What becomes of one answer: the kind, whether the address is dead, how long to wait, and whether the app is warned. */
async function judged({ open, to, content }: (typeof drivers)[number], answer: VendorAnswer) {
  const vendor = await startHttpVendor({ answers: { accept: answer }, beside: tokenOffice().beside })
  const driver = driverOf(open(vendor.url))
  onTestFinished(async () => {
    await vendor.close()
    await driver.close?.()
  })
  const { context, events } = await openProcesses()
  const outcome = await driver.deliver(request(to, content), context)
  return { ...outcome, warned: events.map(({ kind }) => kind).join() }
}

const rejected = { kind: 'rejected', invalidAddress: false, warned: '' }
const dead = { kind: 'rejected', invalidAddress: true, warned: '' }
/** Rejected with a warning: nobody was reached yet, so the app's id may be wrong. */
const doubted = { kind: 'rejected', invalidAddress: false, warned: 'warning' }
const minute = { kind: 'retry', afterMs: 60_000, warned: '' }
const later = { kind: 'retry', afterMs: 300_000, warned: '' }
const fault = { kind: 'retry', afterMs: 300_000, warned: 'warning' }
const soon = { kind: 'retry', warned: '' }
const perhaps = { kind: 'unknown', warned: '' }

const wechat: readonly [readonly number[], object][] = [
  [[-1, 43108], soon],
  [[40003], doubted],
  [[45011, 45066], minute],
  [[45009, 43117], later],
  [[45065], perhaps],
  // biome-ignore format: a list of codes
  [[40066, 40165, 40249, 41030, 43004, 43019, 43101, 44002, 45002, 45012, 45013, 45014, 45051, 45168, 47001, 47002, 47003, 48002, 50005, 99999], rejected],
  // biome-ignore format: a list of codes
  [[40013, 40036, 40037, 40164, 40166, 40173, 43002, 43003, 43102, 43104, 43107, 45035, 45102, 45103, 45109, 45501, 48001, 48003, 48004, 48008, 48009, 48011, 50001, 50002, 50003, 50004, 50007, 61003, 61004, 61007], fault],
]
const wecom = (gone: object): readonly [readonly number[], object][] => [
  [[-1, 6000, 45033], soon],
  [[40003, 46004, 49008, 60111, 93000], gone],
  [[45009], minute],
  // biome-ignore format: a list of codes
  [[40008, 40031, 40033, 40035, 40039, 40058, 40063, 40201, 40204, 40206, 41016, 41033, 43004, 44004, 45002, 45034, 47001, 50002, 60021, 81013, 82001, 92000, 99999], rejected],
  // biome-ignore format: a list of codes
  [[40001, 40013, 40056, 40091, 40136, 40137, 40138, 40139, 40141, 41002, 41004, 41011, 43009, 45031, 48001, 48002, 48004, 48005, 48006, 50003, 50006, 60011, 60020, 60031, 90510, 92002, 92003, 93004, 93008, 301002, 301007, 301042, 2000002], fault],
]

describe.each([
  [account.name, account, wechat],
  [mini.name, mini, wechat],
  [app.name, app, wecom(doubted)],
  [robot.name, robot, wecom(dead)],
] as const)('codes of %s', (_name, driver, codes) => {
  it.each(codes.flatMap(([each, expected]) => each.map((code) => [code, expected] as const)))(
    '%s',
    async (errcode, expected) => {
      expect(await judged(driver, { json: { errcode, errmsg: 'x' } })).toMatchObject(expected)
    },
  )

  it('an answer without a code is unknown, and a code by another status is still a code', async () => {
    expect(await judged(driver, { json: { msgid: 'x' } })).toMatchObject({ kind: 'unknown' })
    expect(await judged(driver, { json: { errcode: 'ok' } })).toMatchObject({ kind: 'unknown' })
    expect(await judged(driver, { status: 502, text: 'bad gateway' })).toMatchObject({ kind: 'unknown' })
    expect(await judged(driver, { status: 500, json: { errcode: 0 } })).toMatchObject({ kind: 'unknown' })
    expect(await judged(driver, { status: 403, json: { errcode: 48001 } })).toMatchObject(fault)
  })
})

it('a userid is dead once another one of the company was taken: before that, the whole set of credentials may be wrong', async () => {
  let errcode = 60111
  const vendor = await startHttpVendor({
    answers: { accept: () => ({ json: { errcode, msgid: 'x' } }) },
    beside: tokenOffice().beside,
  })
  const driver = driverOf(app.open(vendor.url))
  onTestFinished(async () => {
    await vendor.close()
    await driver.close?.()
  })
  const { context, events } = await openProcesses()
  const send = async () => driver.deliver(request(app.to, app.content), context)
  expect(await send()).toEqual({ kind: 'rejected', reason: 'wecom 60111', invalidAddress: false })
  expect(events).toEqual([{ kind: 'warning', messageId: 'parcel.0', reason: 'wecom 60111' }])
  errcode = 0
  expect(await send()).toMatchObject({ kind: 'sent' })
  errcode = 60111
  expect(await send()).toEqual({ kind: 'rejected', reason: 'wecom 60111', invalidAddress: true })
  expect(events).toHaveLength(1)
})
