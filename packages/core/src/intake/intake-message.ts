import type { Lane, MessageLabels, NewMessage } from '../spec/index.js'

/** Data of one call, shared by all of its recipients: the text is made once, and only for a store that wants it. */
export class IntakeData {
  #text: string | undefined

  constructor(readonly value: unknown) {}

  get text(): string {
    this.#text ??= JSON.stringify(this.value)
    return this.#text
  }
}

/** A message on its way into the ledger. */
export class IntakeMessage implements NewMessage {
  readonly type: string
  readonly version: number
  readonly recipient: string
  readonly inline: string | undefined
  readonly lane: Lane
  readonly labels: MessageLabels
  readonly sandbox: boolean
  readonly expires: number | undefined
  readonly digest: string | undefined
  readonly #data: IntakeData

  constructor(fields: Omit<NewMessage, 'data' | 'value'>, data: IntakeData) {
    this.type = fields.type
    this.version = fields.version
    this.recipient = fields.recipient
    this.inline = fields.inline
    this.lane = fields.lane
    this.labels = fields.labels
    this.sandbox = fields.sandbox
    this.expires = fields.expires
    this.digest = fields.digest
    this.#data = data
  }

  get data(): string {
    return this.#data.text
  }

  get value(): unknown {
    return this.#data.value
  }
}
