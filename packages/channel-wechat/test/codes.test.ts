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

const wechat: readonly [readonly number[], object][] = [
  [[-1, 43108], soon],
  [[40003], doubted],
  [[45011], minute],
  [[45009], later],
  // biome-ignore format: a list of codes
  [[40036, 40066, 40165, 41028, 41030, 43004, 43019, 43101, 43102, 44002, 45001, 45002, 45047, 45168, 47001, 47003, 48002, 50005, 99999], rejected],
  // biome-ignore format: a list of codes
  [[40013, 40037, 40125, 40164, 40243, 43002, 43003, 43104, 43107, 45109, 48001, 48003, 48004, 50001, 50002, 50007, 61004, 61007, 89503], fault],
]
const wecom: readonly [readonly number[], object][] = [
  [[-1, 6000, 45033], soon],
  [[40003, 40031, 46004, 60111, 93000], dead],
  [[45009], minute],
  // biome-ignore format: a list of codes
  [[40008, 40033, 40035, 40039, 40058, 40063, 44004, 45002, 45008, 47001, 50002, 81013, 82001, 301025, 99999], rejected],
  // biome-ignore format: a list of codes
  [[40001, 40013, 40056, 41011, 48002, 50003, 60011, 60020, 93004, 93008, 301002, 301007, 2000002], fault],
]

describe.each([
  [account.name, account, wechat],
  [mini.name, mini, wechat],
  [app.name, app, wecom],
  [robot.name, robot, wecom],
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
