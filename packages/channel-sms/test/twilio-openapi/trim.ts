// Cuts out of Twilio's OpenAPI document what creating a message and a call needs, word for word:
// node --import tsx packages/channel-sms/test/twilio-openapi/trim.ts twilio_api_v2010.json && npm run format
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What is read here of an OpenAPI document; the rest is taken along as it is. */
export interface OpenApi {
  readonly openapi: string
  readonly info: object
  readonly servers: readonly object[]
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, { readonly servers?: readonly object[]; readonly post?: Operation }>>
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, object>> }
}

interface Operation {
  readonly operationId: string
  readonly requestBody: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties: object } }>>
  }
}

const operations = ['CreateMessage', 'CreateCall']

/** The document with these operations alone, and the components that they refer to. */
export function trim({ openapi, info, servers, security, paths, components }: OpenApi): OpenApi {
  const { securitySchemes, schemas } = components
  const kept = Object.fromEntries(
    Object.entries(paths).flatMap(([path, { servers: own, post }]) =>
      post !== undefined && operations.includes(post.operationId) ? [[path, { servers: own, post }]] : [],
    ),
  ) as OpenApi['paths']
  return {
    openapi,
    info,
    servers,
    security,
    paths: kept,
    components: { securitySchemes, schemas: schemasOf(kept, schemas) },
  }
}

/** Those that `part` refers to, and those that they refer to; in the order of the document. */
function schemasOf(part: object, schemas: OpenApi['components']['schemas']): OpenApi['components']['schemas'] {
  const names = new Set<string>()
  const pending: (object | undefined)[] = [part]
  for (const one of pending) {
    for (const [, name = ''] of JSON.stringify(one).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (!names.has(name)) pending.push(schemas[name])
      names.add(name)
    }
  }
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)))
}

const [, script, file] = process.argv
if (script === fileURLToPath(import.meta.url) && file !== undefined) {
  const trimmed = trim(JSON.parse(readFileSync(file, 'utf8')) as OpenApi)
  writeFileSync(new URL('messages-and-calls.json', import.meta.url), `${JSON.stringify(trimmed, undefined, 2)}\n`)
}
