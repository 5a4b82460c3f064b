import { addressSchemaOf, isFields } from '@reachkit/driver-kit'

/**
 * A person's openids. Each app has one of its own for the same person, so each stands under the kind of app that it is of;
 * at least one is there.
 */
export interface WechatAddress {
  readonly officialAccount?: string
  readonly miniProgram?: string
}

/** Which kind of app an openid is of. */
export type AppKind = keyof WechatAddress

const kinds: readonly string[] = ['officialAccount', 'miniProgram'] satisfies AppKind[]

export const addressSchema: ReturnType<typeof addressSchemaOf<WechatAddress>> = addressSchemaOf(
  (value) => (isWechatAddress(value) ? value : undefined),
  'must be { officialAccount, miniProgram }: the openids of the person, at least one of the two',
)

function isWechatAddress(value: unknown): value is WechatAddress {
  if (!isFields(value) || !Object.keys(value).every((kind) => kinds.includes(kind))) return false
  const given = Object.values(value).filter((openid) => openid !== undefined)
  return given.length > 0 && given.every(isOpenid)
}

/** 28 characters today; the documents promise no length. */
function isOpenid(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value)
}
