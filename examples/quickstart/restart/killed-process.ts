// A process of the shop that is killed as soon as a reminder is accepted: nothing is stopped, flushed or closed.
import { openReach, type Services } from '../shop/reach.js'
import { createShop } from '../shop/shop.js'

const services = JSON.parse(process.argv[2] ?? '') as Services
const shop = createShop(openReach(services))
const { id } = await shop.leaveCart('ben', 'cart-1', ['a red umbrella', 'two cups'])
process.stdout.write(id, () => process.kill(process.pid, 'SIGKILL'))
