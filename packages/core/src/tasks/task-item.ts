import { dedupeDigest } from '../intake/digest.js'
import { IntakeData, IntakeMessage } from '../intake/intake-message.js'
import { parseData } from '../intake/parse-data.js'
import { parseRecipient } from '../intake/parse-to.js'
import type { ToContext } from '../intake/parse-to.js'
import type { Intake } from '../intake/parcels.js'
import { storableCopy } from '../json/index.js'
import type { MessageDefinition } from '../message/definition.js'
import { isReachError } from '../spec/index.js'
import type { AudienceItem, MessageLabels } from '../spec/index.js'
import { fillColumns, hasColumns } from './column.js'
import type { Task } from './document.js'

/** A message of a run, or why its row is none. */
export type Drafted = Intake | { readonly reason: string }

/** Makes the messages of a run: what is the same for all of them is made once. */
export class ItemDrafts {
  readonly #task: Task
  readonly #definition: MessageDefinition
  readonly #to: ToContext
  readonly #labels: MessageLabels
  /** What makes a recipient of this firing unique, in whichever run of it. */
  readonly #dedupe: string
  #shared: IntakeData | undefined

  constructor(task: Task, definition: MessageDefinition, to: ToContext, firing: number) {
    this.#task = task
    this.#definition = definition
    this.#to = to
    this.#labels = { ...definition.labels, group: task.group ?? task.number }
    this.#dedupe = `task ${task.number} ${firing}`
  }

  /** What speaks against a row is its data and its recipient: anything else is thrown. */
  async draft(item: AudienceItem, due: number, now: number): Promise<Drafted> {
    try {
      const data = this.#shared ?? (await this.#dataOf(item))
      return this.#intakeOf(item, data, due, now)
    } catch (error) {
      if (isReachError(error)) return { reason: error.message }
      throw error
    }
  }

  async #dataOf({ columns }: AudienceItem): Promise<IntakeData> {
    const { data } = this.#task
    const own = hasColumns(data)
    const checked = new IntakeData(
      storableCopy(await parseData(this.#definition, own ? fillColumns(data, columns) : data), 'data'),
    )
    if (!own) this.#shared = checked
    return checked
  }

  #intakeOf({ id, addresses, locale, zone }: AudienceItem, data: IntakeData, due: number, now: number): Intake {
    const to = addresses === undefined ? id : { ...addresses, ...(id !== '' && { id }), locale, zone }
    const addressee = parseRecipient(to, this.#to)
    const { tenant, lane, sandbox, ttlMs = this.#definition.ttlMs } = this.#task
    const { key: type, version } = this.#definition
    const message = new IntakeMessage(
      {
        type,
        version,
        recipient: addressee.id,
        inline: addressee.inline,
        lane,
        labels: this.#labels,
        sandbox,
        expires: ttlMs === undefined ? undefined : Math.max(due, now) + ttlMs,
        digest: dedupeDigest(tenant, type, addressee.id, this.#dedupe),
      },
      data,
    )
    return { tenant, due, message }
  }
}
