import { guarded } from '@reachkit/core/directory'
import type { Directory, Recipient } from '@reachkit/core/spec'
import { fieldAt } from '@reachkit/driver-kit'
import { createHttpAudience, type HttpAudience } from './audience.js'
import { type HttpOptions, readHttpOptions } from './options.js'
import { Service, unavailable } from './service.js'

/** The people of a service of the app: a directory, and audiences by their names. */
export interface HttpPeople {
  readonly directory: Directory
  readonly audience: HttpAudience
  /** Ends its connections. */
  close(): Promise<void>
}

/**
 * People behind an HTTP service of the app:
 * - `POST /recipients` with `{ ids, tenant }` answers `{ recipients: [{ id, addresses, locale?, zone?, … }] }`;
 * - `POST /members` with `{ groups, tenant }` answers `{ ids }`, where `members` is set;
 * - `GET /audiences/<name>` answers a page of an audience, see `HttpAudience`.
 *
 * No redirect is followed, an answer is read up to a bound, and core retries.
 * @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong.
 */
export function http(options: HttpOptions): HttpPeople {
  const settings = readHttpOptions(options)
  const service = new Service(settings)
  const directory: Directory = {
    async recipients(ids, { tenant, signal }) {
      const found = listOf(await service.post('/recipients', { ids, tenant }, signal), 'recipients')
      const asked = new Set(ids)
      return found.filter((one): one is Recipient => isRecipient(one) && asked.has(one.id))
    },
    ...(settings.members && {
      async members(groups: readonly string[], { tenant, signal }) {
        const ids = listOf(await service.post('/members', { groups, tenant }, signal), 'ids')
        return ids.filter((id): id is string => typeof id === 'string')
      },
    }),
  }
  return {
    directory: guarded(directory, settings.guard),
    audience: createHttpAudience(service, settings.guard),
    close: async () => service.close(),
  }
}

function listOf(answer: unknown, field: string): readonly unknown[] {
  const list = fieldAt(answer, field)
  if (Array.isArray(list)) return list
  throw unavailable(`answered JSON without a list of ${field}`, 'NO_LIST')
}

function isRecipient(value: unknown): value is Recipient {
  const addresses = fieldAt(value, 'addresses')
  return typeof fieldAt(value, 'id') === 'string' && typeof addresses === 'object' && addresses !== null
}
