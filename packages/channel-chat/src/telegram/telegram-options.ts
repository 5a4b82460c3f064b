import {
  readSecret,
  type ReadSecret,
  readVendorOptions,
  type Secret,
  type VendorOptions,
  vendorOptionsReader,
  type VendorSettings,
} from '@reachkit/driver-kit'

export interface TelegramOptions extends VendorOptions {
  /** The bot's token, as BotFather gave it: `123456:ABC...`. */
  readonly token: Secret
}

export interface TelegramSettings extends VendorSettings {
  readonly token: ReadSecret
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveTelegramOptions(given: TelegramOptions): TelegramSettings {
  const options = vendorOptionsReader('telegram', given, ['token'])
  return {
    ...readVendorOptions(options, { provider: 'telegram', endpoint: 'https://api.telegram.org' }),
    token: readSecret(options, 'token'),
  }
}
