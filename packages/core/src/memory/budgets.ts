import type { BudgetLevel, BudgetLine } from '../spec/index.js'

interface Line extends BudgetLine {
  state: 'reserved' | 'confirmed' | 'released'
}

interface Level {
  left: number
  reserved: number
  spent: number
}

/** Budgets with reservations: try, confirm, cancel. A reservation is kept until each of its lines has ended. */
export class Budgets {
  readonly #levels = new Map<string, Level>()
  /** By reservation, then by member: a member may reserve of several budgets. */
  readonly #reservations = new Map<string, Map<string, Line[]>>()

  credit(budget: string, amount: number): number {
    const level = this.#level(budget)
    level.left += amount
    return level.left
  }

  reserve(reservation: string, lines: readonly BudgetLine[]): boolean[] {
    const record = this.#reservations.get(reservation) ?? new Map<string, Line[]>()
    const granted = lines.map((line) => this.#reserve(record, line))
    if (record.size > 0) this.#reservations.set(reservation, record)
    return granted
  }

  confirm(reservation: string, members: readonly string[], amounts?: ReadonlyMap<string, number>): void {
    this.#end(reservation, members, 'confirmed', amounts)
  }

  release(reservation: string, members?: readonly string[]): void {
    this.#end(reservation, members ?? [...(this.#reservations.get(reservation)?.keys() ?? [])], 'released')
  }

  read(budget: string): BudgetLevel {
    return { ...(this.#levels.get(budget) ?? { left: 0, reserved: 0, spent: 0 }) }
  }

  #level(budget: string): Level {
    const known = this.#levels.get(budget)
    if (known !== undefined) return known
    const level = { left: 0, reserved: 0, spent: 0 }
    this.#levels.set(budget, level)
    return level
  }

  #reserve(record: Map<string, Line[]>, line: BudgetLine): boolean {
    const lines = record.get(line.member) ?? []
    const known = lines.find(({ budget }) => budget === line.budget)
    if (known !== undefined) return known.state !== 'released'
    const level = this.#level(line.budget)
    if (level.left < line.amount) return false
    level.left -= line.amount
    level.reserved += line.amount
    record.set(line.member, [...lines, { ...line, state: 'reserved' }])
    return true
  }

  #end(
    reservation: string,
    members: readonly string[],
    state: 'confirmed' | 'released',
    amounts?: ReadonlyMap<string, number>,
  ): void {
    const record = this.#reservations.get(reservation)
    if (record === undefined) return
    for (const member of members) {
      for (const line of record.get(member) ?? []) {
        this.#endLine(line, state, state === 'released' ? 0 : (amounts?.get(member) ?? line.amount))
      }
    }
  }

  #endLine(line: Line, state: 'confirmed' | 'released', spent: number): void {
    if (line.state !== 'reserved') return
    const level = this.#level(line.budget)
    level.reserved -= line.amount
    level.spent += spent
    level.left += line.amount - spent
    line.state = state
  }

  /** Forgets reservations that have ended wholly. */
  prune(): void {
    for (const [reservation, record] of this.#reservations) {
      if ([...record.values()].flat().every((line) => line.state !== 'reserved')) this.#reservations.delete(reservation)
    }
  }
}
