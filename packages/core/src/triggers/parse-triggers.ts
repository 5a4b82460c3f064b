import type { MessageDefinition } from '../message/definition.js'
import { ReachError } from '../spec/index.js'
import { ruleOf } from './trigger.js'
import type { TriggerRule } from './trigger.js'

/** The triggers of an app, by the events that they wait for. */
export interface Triggers {
  readonly byEvent: ReadonlyMap<string, readonly TriggerRule[]>
  readonly byName: ReadonlyMap<string, TriggerRule>
}

/** @throws ReachError `REACH_TRIGGER_INVALID` for two of one name, and for a message type that is not wired. */
export function parseTriggers(value: unknown, definitions: ReadonlyMap<string, MessageDefinition>): Triggers {
  if (value !== undefined && !Array.isArray(value)) ruleOf(undefined)
  const byName = new Map<string, TriggerRule>()
  const byEvent = new Map<string, readonly TriggerRule[]>()
  for (const rule of ((value ?? []) as readonly unknown[]).map(ruleOf)) {
    if (byName.has(rule.name)) throw invalid(`two triggers have the name '${rule.name}': give one of them another`)
    if (!definitions.has(rule.message))
      throw invalid(`the trigger '${rule.name}' sends '${rule.message}', which is not in createReach({ messages })`)
    byName.set(rule.name, rule)
    byEvent.set(rule.event, [...(byEvent.get(rule.event) ?? []), rule])
  }
  return { byEvent, byName }
}

function invalid(text: string): ReachError {
  return new ReachError('REACH_TRIGGER_INVALID', text)
}
