import { type AppOptions, type AppSettings, appOptionsReader, readAppOptions } from '../app-options.js'

/** A mini-program. */
export interface MiniProgramOptions extends AppOptions {
  /** Which version of the mini-program a tap opens: `formal` unless told. */
  readonly state?: 'developer' | 'trial' | 'formal'
  /** The language in which it opens: `zh_CN` unless told. */
  readonly language?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW'
}

export interface MiniProgramSettings extends AppSettings {
  readonly state: NonNullable<MiniProgramOptions['state']>
  readonly language: NonNullable<MiniProgramOptions['language']>
}

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveMiniProgramOptions(given: MiniProgramOptions): MiniProgramSettings {
  const options = appOptionsReader('miniProgram', given, ['state', 'language'])
  return {
    ...readAppOptions(options, 'miniProgram'),
    state: options.read('state', isState, "'developer', 'trial' or 'formal'") ?? 'formal',
    language: options.read('language', isLanguage, "'zh_CN', 'en_US', 'zh_HK' or 'zh_TW'") ?? 'zh_CN',
  }
}

function isState(value: unknown): value is MiniProgramSettings['state'] {
  return value === 'developer' || value === 'trial' || value === 'formal'
}

function isLanguage(value: unknown): value is MiniProgramSettings['language'] {
  return value === 'zh_CN' || value === 'en_US' || value === 'zh_HK' || value === 'zh_TW'
}
