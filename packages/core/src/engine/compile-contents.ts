import type { WiredChannel } from '../channel/wired-channel.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import type { MessageDefinition } from '../message/definition.js'
import { compileContent } from '../template/index.js'
import type { CompiledContent } from '../template/index.js'

/** Compiles the content of every message type for every channel that is wired. */
export async function compileContents(
  definitions: ReadonlyMap<string, MessageDefinition>,
  channels: ReadonlyMap<string, WiredChannel>,
): Promise<DispatchContext['contents']> {
  const contents = new Map<string, ReadonlyMap<string, CompiledContent>>()
  for (const definition of definitions.values()) {
    contents.set(definition.key, await compileChannels(definition, channels))
  }
  return contents
}

async function compileChannels(
  { key, content }: MessageDefinition,
  channels: ReadonlyMap<string, WiredChannel>,
): Promise<ReadonlyMap<string, CompiledContent>> {
  const compiled = new Map<string, CompiledContent>()
  for (const [name, source] of content) {
    const html = channels.get(name)?.providers[0]?.driver.html
    if (html === undefined) continue
    compiled.set(name, await compileContent(source, { where: { message: key, channel: name }, html }))
  }
  return compiled
}
