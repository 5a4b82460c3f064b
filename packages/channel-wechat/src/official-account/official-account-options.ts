import { type AppOptions, type AppSettings, appOptionsReader, readAppOptions } from '../app-options.js'

/** An official account (a service account) with permission for template messages. */
export interface OfficialAccountOptions extends AppOptions {}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveOfficialAccountOptions(given: OfficialAccountOptions): AppSettings {
  return readAppOptions(appOptionsReader('officialAccount', given), 'officialAccount')
}
