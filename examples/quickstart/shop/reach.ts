import { smtp } from '@reachkit/channel-email'
import { createReach, weighted } from '@reachkit/core'
import { sqlite } from '@reachkit/store-sql'
import { findCustomers } from './customers.js'
import { cartReminder, loginCode, orderPaid, seasonSale, serverDown } from './messages.js'
import { pager } from './pager.js'

export interface Services {
  readonly mail: { readonly host: string; readonly port: number; readonly password: string }
  readonly pagerUrl: string
  /** Where messages are kept: a file that several processes may share. */
  readonly file: string
}

export type ShopReach = ReturnType<typeof openReach>

/** The one place where things are wired. An application mostly exports the result of this call as a constant. */
export function openReach({ mail, pagerUrl, file }: Services) {
  return createReach({
    messages: [orderPaid, loginCode, cartReminder, serverDown, seasonSale],
    directory: findCustomers,
    channels: {
      // 70 of 100 mails go out by one provider, 30 by the other.
      email: weighted([provider('north', mail), 70], [provider('south', mail), 30]),
      pager: pager(pagerUrl),
    },
    // What waits is still there after a restart. Without this line it would be kept in memory.
    store: sqlite(file),
  })
}

function provider(name: string, { host, port, password }: Services['mail']) {
  return smtp({ name, host, port, auth: { user: name, password }, from: 'Corner Shop <hello@shop.example>' })
}
