import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { smtp, type SmtpOptions } from '../src/index.js'
import { context, driverOf, type EmailDriver, request } from './support/delivery.js'
import { certificate, startMailServer } from './support/mail-server.js'
import { type ScriptedServer, startScriptedServer } from './support/scripted-server.js'

const opened: { server?: ScriptedServer; driver?: EmailDriver } = {}

async function start(script: Parameters<typeof startScriptedServer>[0] = {}, options: Partial<SmtpOptions> = {}) {
  const server = await startScriptedServer(script)
  const driver = driverOf(smtp({ host: '127.0.0.1', port: server.port, from: 'shop@example.com', ...options }))
  Object.assign(opened, { server, driver })
  return { server, driver }
}

afterEach(async () => {
  await opened.server?.close()
  await opened.driver?.close?.()
})

const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCPSocket|TLS/.test(name)).length

describe('close', () => {
  it('opens nothing before the first mail, and closes that', async () => {
    const { driver, server } = await start()
    await driver.close?.()
    expect(server.connections()).toBe(0)
  })

  it('waits for the mail in flight, and leaves no socket', async () => {
    const before = sockets()
    const { driver, server } = await start({}, { pool: { connections: 3 } })
    const arrived = server.reached('DATA')
    const deliveries = Promise.all(Array.from({ length: 10 }, () => driver.deliver(request(), context())))
    await arrived
    await driver.close?.()
    expect((await deliveries).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'sent'))
    await server.close()
    expect(sockets()).toBe(before)
  })

  it('may be called twice, and at once', async () => {
    const { driver } = await start()
    await driver.deliver(request(), context())
    await expect(Promise.all([driver.close?.(), driver.close?.()])).resolves.toHaveLength(2)
    await expect(driver.close?.()).resolves.toBeUndefined()
  })

  it('sends nothing more', async () => {
    const { driver, server } = await start()
    await driver.close?.()
    expect(await driver.deliver(request(), context())).toEqual({ kind: 'retry', reason: 'smtp closed' })
    expect(server.connections()).toBe(0)
  })

  it('does not wait for a connection that never comes about', async () => {
    const { driver, server } = await start({ connect: 'hang' })
    const deadline = new AbortController()
    const arrived = server.reached('connect')
    const delivery = driver.deliver(request(), context(deadline.signal))
    await arrived
    deadline.abort()
    expect((await delivery).kind).toBe('retry')
    await expect(driver.close?.()).resolves.toBeUndefined()
  })
})

describe('a pool that nobody uses', () => {
  it.each([['plain'], ['tls']])('does not keep the process alive: %s', async (kind) => {
    const server = await startMailServer({
      ...certificate,
      disabledCommands: kind === 'tls' ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    })
    const script = fileURLToPath(new URL('./support/one-mail.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script, String(server.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [[output], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])
    expect([String(output).trim(), code]).toEqual(['sent', 0])
    await server.close()
  })
})
