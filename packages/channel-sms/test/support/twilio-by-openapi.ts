import { readFileSync } from 'node:fs'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createServer } from '@stoplight/prism-http-server'
import type { OpenApi } from '../twilio-openapi/trim.js'

const formType = 'application/x-www-form-urlencoded'
const silent = (): void => {}
/** The levels that Prism uses: those of pino, and one of its own. */
const levels = { trace: silent, debug: silent, info: silent, success: silent, warn: silent, error: silent }
const logger = { ...levels, child: () => levels }

/** Twilio's own description of creating messages and calls. */
export function readTwilioOpenApi(): OpenApi {
  return JSON.parse(
    readFileSync(new URL('../twilio-openapi/messages-and-calls.json', import.meta.url), 'utf8'),
  ) as OpenApi
}

/**
 * Twilio as Prism plays it: a request that Twilio's document does not allow is answered with 4xx, any other with the
 * document's example. It checks logins for their form alone, and overlooks fields that the document does not list.
 */
export async function startTwilioByOpenApi(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(await getHttpOperationsFromSpec(readTwilioOpenApi()), {
    cors: false,
    components: { logger },
    config: {
      isProxy: false,
      mock: { dynamic: false },
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: true,
      upstreamProxy: undefined,
    },
  })
  return { url: await server.listen(0, '127.0.0.1'), close: async () => server.close() }
}

/** The fields that the document lists for what an operation is sent. */
export function fieldsOf(operation: string): readonly string[] {
  const posts = Object.values(readTwilioOpenApi().paths).map(({ post }) => post)
  const form = posts.find((post) => post?.operationId === operation)?.requestBody.content[formType]
  return Object.keys(form?.schema.properties ?? {})
}
