import { type Retry, retry } from '@reachkit/core/spec'

/** The vendor did not take the access token. `createTokens` replaces it once; as an outcome it is a retry in 5 minutes. */
export const tokenRefused: Retry = Object.freeze(retry(5 * 60_000, 'access token refused'))
