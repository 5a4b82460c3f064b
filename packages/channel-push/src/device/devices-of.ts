import type { DeviceKind, DeviceOf, PushAddress, PushDevice } from './push-device.js'

/** The devices of one kind among those of a recipient. One that is there twice is given once. */
export function devicesOf<Kind extends DeviceKind>(address: PushAddress, kind: Kind): readonly DeviceOf<Kind>[] {
  const devices = listOf(address).filter((device): device is DeviceOf<Kind> => kind in device)
  if (devices.length < 2) return devices
  return [...new Map(devices.map((device) => [identityOf(device, kind), device])).values()]
}

export function listOf(address: PushAddress): readonly PushDevice[] {
  return isList(address) ? address : [address]
}

function isList(address: PushAddress): address is readonly PushDevice[] {
  return Array.isArray(address)
}

function identityOf(device: PushDevice, kind: DeviceKind): unknown {
  return 'web' in device && kind === 'web' ? device.web.endpoint : Reflect.get(device, kind)
}
