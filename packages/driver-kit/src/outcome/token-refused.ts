import { type Retry, retry } from '@reachkit/core/spec'

/**
 * The vendor did not take the access token. `createAccessTokens` replaces it once, and makes a fault of the account of it
 * where a fresh one is refused.
 */
export const tokenRefused: Retry = Object.freeze(retry(5 * 60_000, 'access token refused'))
