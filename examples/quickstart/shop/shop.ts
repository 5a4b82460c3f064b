import { receivers } from '@reachkit/core'
import type { ShopReach } from './reach.js'

/** The shop's business code: one line each where somebody is to be told. */
export function createShop({ notify }: Pick<ShopReach, 'notify'>) {
  return {
    pay: (customer: string, orderId: string) => notify('order.paid', customer, { orderId, amount: '99.00 €' }),

    logIn: (email: string, code: string) => notify('login.code', { email }, { code }),

    // A caller that got no answer calls again: with the same key it is the same message.
    leaveCart: (customer: string, cart: string, items: string[]) =>
      notify('cart.reminder', customer, { items }, { after: '1s', idempotencyKey: cart }),

    // To whoever operators set as its receivers.
    serverDown: (server: string) => notify('server.down', receivers, { server }),

    // A wrong key does not compile, and is refused where types were silenced.
    // @ts-expect-error Argument of type '"order.payed"' is not assignable to parameter of type '"order.paid" | ...'
    misspelled: () => notify('order.payed', 'ann', { orderId: 'A1', amount: '99.00 €' }),
  }
}
