import {
  type ChannelDriver,
  type Cost,
  type DeliveryContext,
  type DeliveryOutcome,
  type DeliveryRequest,
  type ReceiptSource,
  rejected,
  retry,
  unknown,
} from '@reachkit/core/spec'
import { createHttp } from '../http/http.js'
import type { HttpAnswer } from '../http/http-answer.js'
import type { HttpRequest } from '../http/http-request.js'
import { LostAnswerError, RefusedRequestError } from '../http/lost-answer.js'
import { accountFault, tellOfFault, tellOfFaults } from '../outcome/account-fault.js'
import { laterMs } from '../outcome/outcome-table.js'
import type { VendorSettings } from '../options/vendor-options.js'
import { createInFlight } from './in-flight.js'
import { inGroups } from './in-groups.js'

/**
 * One HTTP call of this attempt; see `Http.send`. One with a signal of its own may outlive the attempt, such as a request for
 * an access token that others wait for too; `close` ends it.
 */
export type Call = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpAnswer>

/** What every driver of a channel says of itself. */
export type DriverFields<Name extends string, Address, Content> = Pick<
  ChannelDriver<Address, Content>,
  'specVersion' | 'addressing' | 'address' | 'content' | 'html'
> & { readonly channel: Name }

/** A driver without what all drivers of HTTP vendors do alike. */
export interface HttpDriverParts<Name extends string, Address, Content> {
  readonly fields: DriverFields<Name, Address, Content>
  readonly settings: VendorSettings
  /** One attempt. What `call` throws need not be caught. */
  deliver(request: DeliveryRequest<Address, Content>, call: Call, context: DeliveryContext): Promise<DeliveryOutcome>
  /** Like `deliver`, for as many as `capabilities.batch` says: one outcome each, in the same order. */
  deliverBatch?(
    requests: readonly DeliveryRequest<Address, Content>[],
    call: Call,
    context: DeliveryContext,
  ): Promise<readonly DeliveryOutcome[]>
  /**
   * Requests of one group fit into one call: equal template, equal sender. Each group goes through `deliverBatch` by
   * itself, and a call that fails is the fate of its group alone. Without it a batch is one group.
   */
  readonly groupOf?: (request: DeliveryRequest<Address, Content>) => string
  /** See `ChannelDriver.estimate`. */
  readonly estimate?: (message: Pick<DeliveryRequest<Address, Content>, 'to' | 'content'>) => Cost | undefined
  /**
   * Requests of which this says the same are never in one call: messages to one number, where the vendor's receipts tell
   * those of one call apart by nothing but the number.
   */
  readonly apartBy?: (request: DeliveryRequest<Address, Content>) => string
  /** See `ChannelDriver.templated`. */
  readonly templated?: string
  readonly receipts?: ReceiptSource
}

/**
 * The driver of an HTTP vendor around its one call: connections are opened at the first attempt, failures of a call
 * become outcomes, `close` waits for what is in flight and ends what was opened.
 */
export function createHttpDriver<const Name extends string, Address, Content>(
  parts: HttpDriverParts<Name, Address, Content>,
): ChannelDriver<Address, Content> & { readonly channel: Name } {
  const { fields, settings, groupOf, apartBy } = parts
  const { provider, capabilities } = settings
  const http = createHttp(settings.http)
  const inFlight = createInFlight()
  let closing = new AbortController()
  const attempt = async <Result>(
    context: DeliveryContext,
    work: (call: Call) => Promise<Result>,
    otherwise: (outcome: DeliveryOutcome) => Result,
  ): Promise<Result> => {
    if (context.signal.aborted) return otherwise(retry(undefined, `${provider} aborted`))
    const { signal: closed } = closing
    const call: Call = async (request, own) => {
      const signal = own === undefined ? context.signal : AbortSignal.any([own, closed])
      return http.send(request, { signal, fetch: context.fetch })
    }
    try {
      return await inFlight.run(async () => work(call))
    } catch (error) {
      return otherwise(failureOutcome(provider, error))
    }
  }
  return {
    ...fields,
    provider,
    capabilities,
    ...optionalOf(parts),
    deliver: async (request, context) =>
      attempt(
        context,
        async (call) => parts.deliver(request, call, context),
        (outcome) => tellOfFault(outcome, request, context),
      ),
    ...(parts.deliverBatch !== undefined && {
      deliverBatch: async (requests, context) =>
        inGroups(requests, { groupOf, apartBy }, async (group) =>
          attempt<readonly DeliveryOutcome[]>(
            context,
            async (call) => parts.deliverBatch?.(group, call, context) ?? [],
            (outcome) =>
              tellOfFaults(
                group.map(() => outcome),
                group,
                context,
              ),
          ),
        ),
    }),
    async close() {
      await inFlight.idle()
      closing.abort()
      closing = new AbortController()
      await http.close()
    },
  }
}

/** What only some drivers have. */
function optionalOf<Address, Content>({
  estimate,
  templated,
  receipts,
}: HttpDriverParts<string, Address, Content>): Pick<
  ChannelDriver<Address, Content>,
  'estimate' | 'templated' | 'receipts'
> {
  return {
    ...(estimate !== undefined && { estimate }),
    ...(templated !== undefined && { templated }),
    ...(receipts !== undefined && { receipts }),
  }
}

/** What became of an attempt whose call failed. Anything else that was thrown is thrown on: core judges it. */
function failureOutcome(provider: string, error: unknown): DeliveryOutcome {
  if (error instanceof LostAnswerError) return unknown(`${provider} ${error.reason}`)
  if (error instanceof RefusedRequestError) {
    const reason = `${provider} ${error.reason}`
    return error.isOfAccount ? accountFault(laterMs, reason) : rejected(reason)
  }
  throw error
}
