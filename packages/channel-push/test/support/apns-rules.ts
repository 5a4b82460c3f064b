import { createPublicKey } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import type { ApnsAnswer, ApnsPost } from './apns-server.js'

export interface AppleAccount {
  /** The public half of the key, PEM. */
  readonly publicKey: string
  readonly keyId: string
  readonly teamId: string
  readonly topic: string
  /** The tokens that Apple knows. */
  readonly devices: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const pushTypes = ['alert', 'background', 'controls', 'location', 'voip', 'complication', 'fileprovider', 'mdm']
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const refused = (status: number, reason: string): ApnsAnswer => ({ status, reason })

/**
 * What Apple refuses (Apple, "Sending notification requests to APNs", "Establishing a token-based connection to APNs" and
 * "Handling notification responses from APNs"); undefined for what it takes.
 */
export function appleRules(account: AppleAccount): (post: ApnsPost) => Promise<ApnsAnswer | undefined> {
  return async (post) => ofRequest(post) ?? (await ofToken(post, account)) ?? ofDevice(post, account)
}

function ofRequest({ headers, path, body }: ApnsPost): ApnsAnswer | undefined {
  const { 'apns-id': id, 'apns-priority': priority, 'apns-expiration': expiration } = headers
  const { 'apns-collapse-id': collapse, 'apns-push-type': type } = headers
  if (headers[':method'] !== 'POST') return refused(405, 'MethodNotAllowed')
  if (!path.startsWith('/3/device/')) return refused(404, 'BadPath')
  if (id !== undefined && !uuid.test(String(id))) return refused(400, 'BadMessageId')
  if (priority !== undefined && !['1', '5', '10'].includes(String(priority))) return refused(400, 'BadPriority')
  if (expiration !== undefined && !/^\d+$/.test(String(expiration))) return refused(400, 'BadExpirationDate')
  if (collapse !== undefined && Buffer.byteLength(String(collapse)) > 64) return refused(400, 'BadCollapseId')
  if (!pushTypes.includes(String(type))) return refused(400, 'InvalidPushType')
  if (typeof body['aps'] !== 'object') return refused(400, 'PayloadEmpty')
  return undefined
}

async function ofToken({ headers }: ApnsPost, account: AppleAccount): Promise<ApnsAnswer | undefined> {
  const jwt = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (jwt === undefined) return refused(403, 'MissingProviderToken')
  const { publicKey, keyId, teamId, now } = account
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt, createPublicKey(publicKey), {
      algorithms: ['ES256'],
      issuer: teamId,
      maxTokenAge: '1h',
      requiredClaims: ['iat'],
      currentDate: new Date(now()),
    })
    const known = protectedHeader.kid === keyId && Number.isInteger(payload.iat)
    return known ? undefined : refused(403, 'InvalidProviderToken')
  } catch (error) {
    return refused(403, error instanceof errors.JWTExpired ? 'ExpiredProviderToken' : 'InvalidProviderToken')
  }
}

function ofDevice({ headers, path }: ApnsPost, { topic, devices }: AppleAccount): ApnsAnswer | undefined {
  if (headers['apns-topic'] === undefined) return refused(400, 'MissingTopic')
  if (!devices.includes(path.slice('/3/device/'.length))) return refused(400, 'BadDeviceToken')
  return headers['apns-topic'] === topic ? undefined : refused(400, 'DeviceTokenNotForTopic')
}
