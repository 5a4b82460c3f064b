import { driverCases, type DriverSubject, runCase } from '@reachkit/testing'
import { describe, expect, it } from 'vitest'
import { apns } from '../src/index.js'
import { startApnsServer } from './support/apns-server.js'
import { ec } from './support/keys.js'

const token = 'a1b2c3d4'.repeat(8)
const body = 'Order A1 is paid'

async function open(): Promise<DriverSubject> {
  const server = await startApnsServer()
  const options = {
    key: { keyId: 'ABCDE12345', privateKey: ec.privateKey },
    teamId: 'TEAM123456',
    topic: 'com.example.app',
  }
  const driver = apns({ ...options, endpoint: server.url }).drivers[0]?.driver
  if (driver === undefined) throw new Error('the channel has no provider')
  return {
    driver,
    counterpart: server.counterpart,
    to: { apns: token },
    content: { title: 'Paid', body },
    secrets: [token, body, ec.privateKey, ec.privateKey.split('\n')[1] ?? ''],
    async close() {
      await server.close()
      await driver.close?.()
    },
  }
}

describe('apns', () => {
  it.for(driverCases)('$name', async (wanted, { skip }) => {
    const notOwed: string[] = []
    await expect(runCase(wanted, open, (why) => notOwed.push(why))).resolves.toBeUndefined()
    skip(notOwed.length > 0, notOwed.join())
  })
})
