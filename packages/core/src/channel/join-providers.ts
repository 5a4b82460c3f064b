import { describeKind, isFields, shownName } from '../options/index.js'
import { ReachError, type AnyChannel, type WeightedDriver } from '../spec/index.js'

type AnyDriver = WeightedDriver<never, never>['driver']

/** Makes one channel of several with one provider each. `builder` opens every error. */
export function joinProviders(
  builder: string,
  weights: readonly (readonly [unknown, number])[],
): Pick<AnyChannel, 'drivers' | 'sticky'> {
  const drivers = weights.map(([channel, weight], index) => {
    return Object.freeze({ driver: onlyDriver(`${builder}, provider ${index + 1}`, channel), weight })
  })
  assertOneChannel(builder, drivers)
  assertDistinct(builder, drivers)
  return { drivers: Object.freeze(drivers), sticky: 'message' }
}

function onlyDriver(place: string, channel: unknown): AnyDriver {
  if (!isChannel(channel)) {
    throw new ReachError('REACH_CHANNEL_INVALID', `${place} must be a channel, and was ${describeKind(channel)}.`)
  }
  const [first, second] = channel.drivers
  if (first !== undefined && second === undefined) return first.driver
  throw new ReachError('REACH_CHANNEL_INVALID', `${place} has several providers already; list them here instead.`)
}

/** True for what a driver factory, `channel`, `driver`, `weighted` or `failover` answers. */
export function isChannel(value: unknown): value is AnyChannel {
  return isFields(value) && typeof value['name'] === 'string' && Array.isArray(value['drivers'])
}

function assertOneChannel(builder: string, drivers: readonly { readonly driver: AnyDriver }[]): void {
  const names = new Set(drivers.map(({ driver }) => driver.channel))
  if (names.size === 1) return
  const listed = [...names].join(', ')
  throw new ReachError('REACH_CHANNEL_INVALID', `${builder} takes providers of one channel, and was given ${listed}.`)
}

function assertDistinct(builder: string, drivers: readonly { readonly driver: AnyDriver }[]): void {
  const names = drivers.map(({ driver }) => driver.provider)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  const hint = 'give each a `provider` name of its own'
  throw new ReachError('REACH_CHANNEL_INVALID', `${builder} has the provider '${shownName(twice)}' twice; ${hint}.`)
}
