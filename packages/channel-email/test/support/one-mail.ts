// Sends one mail to the port given, closes nothing, and should be over then.
import { smtp } from '../../src/index.js'
import { context, driverOf, request } from './delivery.js'

const options = { host: '127.0.0.1', port: Number(process.argv[2]), from: 'shop@example.com' }
const driver = driverOf(smtp({ ...options, tls: { rejectUnauthorized: false } }))
const { kind } = await driver.deliver(request(), context())
console.log(kind)
