import { channelOf } from '@reachkit/core/spec'
import { createHttpDriver, tellOfFault } from '@reachkit/driver-kit'
import { type AlipayChannel, alipayFields } from './alipay-channel.js'
import { type AlipayOptions, resolveAlipayOptions } from './alipay-options.js'
import { alipayOutcome } from './alipay-outcome.js'
import { alipayRequest } from './alipay-request.js'

/**
 * Template messages of Alipay mini-programs, by `alipay.open.app.mini.templatemessage.send` of the open platform's gateway,
 * signed by RSA2; the signature of each answer is verified. Keys only, no certificates. Alipay tells no id of a message and
 * does not deduplicate.
 *
 * Throws REACH_OPTION_INVALID where an option is wrong.
 */
export function alipay(options: AlipayOptions): AlipayChannel {
  const settings = resolveAlipayOptions(options)
  return channelOf(
    createHttpDriver({
      fields: alipayFields,
      settings,
      async deliver(request, call, context) {
        const { to, content } = request
        const answer = await call(
          alipayRequest({
            endpoint: settings.endpoint,
            appId: settings.appId,
            key: await settings.privateKey(),
            appAuthToken: await settings.appAuthToken?.(),
            to,
            content,
            now: context.clock.now(),
          }),
        )
        return tellOfFault(alipayOutcome(answer, settings.alipayPublicKey), request, context)
      },
    }),
  )
}
