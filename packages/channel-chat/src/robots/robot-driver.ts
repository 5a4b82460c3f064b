import {
  type ChannelDriver,
  type DeliveryOutcome,
  type DeliveryRequest,
  invalidAddress,
  rejected,
} from '@reachkit/core/spec'
import {
  createHttpDriver,
  type DriverFields,
  type HttpAnswer,
  type HttpRequest,
  tellOfFault,
} from '@reachkit/driver-kit'
import type { OpenRobot } from './open-robot.js'
import type { RobotName } from './robot-name.js'
import type { RobotSettings } from './robot-options.js'

export interface RobotDriverParts<Name extends string, Content> {
  readonly fields: DriverFields<Name, RobotName, Content>
  readonly settings: RobotSettings
  /** Most bytes of a body that the vendor takes. */
  readonly maxBytes?: number
  /** The call of the robot's webhook. `now`: milliseconds since the epoch. */
  requestOf(robot: OpenRobot, content: Content, now: number): HttpRequest
  outcomeOf(answer: HttpAnswer): DeliveryOutcome
}

/** The driver of a vendor whose robots have a webhook each: finds the robot by its name, and calls it once. */
export function createRobotDriver<const Name extends string, Content>(
  parts: RobotDriverParts<Name, Content>,
): ChannelDriver<RobotName, Content> & { readonly channel: Name } {
  const { fields, settings, maxBytes = Number.POSITIVE_INFINITY } = parts
  return createHttpDriver({
    fields,
    settings,
    async deliver(request: DeliveryRequest<RobotName, Content>, call, context) {
      const robot = await settings.find(request.to)
      if (robot === undefined) return invalidAddress(`${fields.channel} no such robot`)
      const outgoing = parts.requestOf(robot, request.content, context.clock.now())
      if (Buffer.byteLength(outgoing.body ?? '') > maxBytes) return rejected(`${fields.channel} over ${maxBytes} bytes`)
      return tellOfFault(parts.outcomeOf(await call(outgoing)), request, context)
    },
  })
}
