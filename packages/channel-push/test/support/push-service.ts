import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { vapid } from './keys.js'

/** What web-push-testing has of its own, as far as it is used here. */
interface Model {
  notifyUrl: string
  subscribe(options: object): Promise<Subscription>
  expireSubscription(clientHash: string): void
  getNotifications(options: { readonly clientHash: string }): { readonly messages: readonly string[] }
}
interface Subscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  readonly clientHash: string
}
interface TestingServer {
  setRequestHandlers(): void
}
const require = createRequire(import.meta.url)
const Server = require('web-push-testing/src/server.js') as new (model: Model, port: number) => TestingServer
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js') as { PushApiModel: new () => Model }

/** A push service and its browsers, of the package web-push-testing: it checks VAPID and decrypts what arrives. */
export async function startPushService() {
  const model = new PushApiModel()
  const testing = new Server(model, 0)
  testing.setRequestHandlers()
  // Listens on all interfaces by itself; its app alone does not.
  const server = createServer(Reflect.get(testing, '_app') as RequestListener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  model.notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify/`
  return {
    subscribe: async (applicationServerKey: string = vapid.publicKey) => {
      const { clientHash, ...web } = await model.subscribe({ userVisibleOnly: 'true', applicationServerKey })
      return {
        device: { web },
        expire: () => model.expireSubscription(clientHash),
        shown: (): unknown[] => model.getNotifications({ clientHash }).messages.map((text) => JSON.parse(text)),
      }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
