import { isConsuming, pass } from '../spec/index.js'
import type {
  AttemptReport,
  ConsumingGate,
  Cost,
  Gate,
  GateContext,
  GateItem,
  Logger,
  Random,
  Verdict,
} from '../spec/index.js'
import type { DeadlineWatch } from '../dispatch/deadline-watch.js'
import { errorName } from '../io/error-name.js'
import { retrying } from '../io/retrying.js'
import { awayDecision } from './away.js'
import { noteKey } from './noted-item.js'
import type { Decision, NotedItem } from './noted-item.js'
import { parseVerdict } from './parse-verdict.js'

const untold: ReadonlyMap<string, Cost> = new Map()
const passed: Decision = { gate: '', verdict: pass }
/** After this long a gate counts as away, whatever it still does. */
const mostMs = 10_000

/** Asks gates in order; each is shown only what the ones before let pass. */
export class GateRunner {
  readonly #phases: Readonly<Record<Gate['phase'], readonly Gate[]>>
  readonly #consuming: readonly ConsumingGate[]
  readonly #observing: readonly Gate[]
  readonly #deadlines: DeadlineWatch
  readonly #logger: Logger
  readonly #random: Random

  constructor(gates: readonly Gate[], deadlines: DeadlineWatch, logger: Logger, random: Random) {
    this.#random = random
    this.#deadlines = deadlines
    this.#phases = {
      message: gates.filter(({ phase }) => phase === 'message'),
      delivery: gates.filter(({ phase }) => phase === 'delivery'),
    }
    this.#consuming = gates.filter(isConsuming)
    this.#observing = gates.filter((gate) => 'attempted' in gate)
    this.#logger = logger
  }

  has(phase: Gate['phase']): boolean {
    return this.#phases[phase].length > 0
  }

  /** True where a gate wants to know how attempts end. */
  get observes(): boolean {
    return this.#observing.length > 0
  }

  /** Tells what became of attempts. Nobody waits for it, and a failure is logged. */
  attempted(reports: readonly AttemptReport[]): void {
    for (const gate of this.#observing) {
      const tell = async (): Promise<void> => gate.attempted?.(reports)
      tell().catch(() =>
        this.#logger.error({ gate: gate.name, attempts: reports.length }, 'a gate failed to take reports'),
      )
    }
  }

  get consumes(): boolean {
    return this.#consuming.length > 0
  }

  /** One decision an item, in order. `seen` is told every verdict, for `explain`. */
  async check(
    phase: Gate['phase'],
    items: readonly NotedItem[],
    context: GateContext,
    seen?: (gate: Gate, item: GateItem, verdict: Verdict) => void,
  ): Promise<Decision[]> {
    const decisions = items.map(() => passed)
    for (const gate of this.#phases[phase]) {
      const tell = seen && ((item: GateItem, verdict: Verdict): void => seen(gate, item, verdict))
      await this.#decide(items, decisions, gate, context, (open) => gate.check(open, context), tell)
    }
    return decisions
  }

  /** Takes from every consuming gate; what a later gate stops is given back to the earlier ones. */
  async take(items: readonly NotedItem[], reservation: string, context: GateContext): Promise<Decision[]> {
    const decisions = items.map(() => passed)
    for (const gate of this.#consuming) {
      await this.#decide(items, decisions, gate, context, (open) => gate.take(open, reservation, context))
    }
    const stopped = items.filter((_, index) => decisions[index] !== passed).map(({ id }) => id)
    if (stopped.length > 0) await this.end(reservation, [], stopped)
    return decisions
  }

  /**
   * Confirms and releases at every consuming gate, again where it fails. What fails for good is logged, and stays taken:
   * then it answers false. `costs` are what confirmed items were charged, where that is known.
   */
  async end(
    reservation: string,
    confirm: readonly string[],
    release: readonly string[] | undefined,
    costs: ReadonlyMap<string, Cost> = untold,
  ): Promise<boolean> {
    let ended = true
    for (const gate of this.#consuming) {
      try {
        if (confirm.length > 0) await this.#within(() => gate.confirm(reservation, confirm, costs))
        if (release === undefined || release.length > 0) await this.#within(() => gate.release(reservation, release))
      } catch (error) {
        ended = false
        this.#logger.error(
          { gate: gate.name, reservation, error: errorName(error) },
          'a gate failed to end a reservation',
        )
      }
    }
    return ended
  }

  /** Again where it fails, and never for longer than a gate has for a question: one that hangs must not stop a process. */
  #within(work: () => void | Promise<void>): Promise<void> {
    return this.#deadlines.within(
      mostMs,
      retrying(async () => work()),
    )
  }

  /** Shows a gate the items that are still open, and writes down what it stopped. */
  async #decide(
    items: readonly NotedItem[],
    decisions: Decision[],
    gate: Gate,
    context: GateContext,
    ask: (open: readonly GateItem[]) => Answers,
    tell?: (item: GateItem, verdict: Verdict) => void,
  ): Promise<void> {
    const indices: number[] = []
    const open: GateItem[] = []
    for (const [index, item] of items.entries()) {
      if (decisions[index] !== passed) continue
      indices.push(index)
      open.push(shown(item, gate))
    }
    if (open.length === 0) return
    const verdicts = await this.#ask(gate, open, context.now, () => ask(open))
    let chance: number | undefined
    for (const [order, index] of indices.entries()) {
      const item = items[index]
      const verdict = verdicts?.[order]
      if (verdict === undefined)
        decisions[index] = awayDecision(gate, item, context.now, (chance ??= this.#random.next()))
      else if (verdict.kind !== 'pass') decisions[index] = { gate: gate.name, verdict }
      if (item !== undefined) tell?.(item, decisions[index]?.verdict ?? pass)
    }
  }

  /** What a gate answered, an item each; undefined for what is no answer: it counts as away. */
  async #ask(
    gate: Gate,
    items: readonly GateItem[],
    now: number,
    question: () => Answers,
  ): Promise<readonly (Verdict | undefined)[] | undefined> {
    try {
      const answer = question()
      const verdicts = answer instanceof Promise ? await this.#deadlines.within(mostMs, answer) : answer
      if (verdicts.length === items.length) return this.#parse(gate, verdicts, now)
      this.#logger.error({ gate: gate.name, items: items.length, verdicts: verdicts.length }, 'a gate answered too few')
    } catch (error) {
      this.#logger.error({ gate: gate.name, error: errorName(error) }, 'a gate failed; its messages wait')
    }
    return undefined
  }

  #parse(gate: Gate, answers: readonly Verdict[], now: number): readonly (Verdict | undefined)[] {
    const verdicts = Array.from(answers, (answer) => parseVerdict(answer, now))
    if (verdicts.includes(undefined))
      this.#logger.error({ gate: gate.name }, 'a gate answered what is no verdict; the message waits')
    return verdicts
  }
}

type Answers = Promise<readonly Verdict[]> | readonly Verdict[]

/** The item as this gate sees it: with the note that it made itself. */
function shown(item: NotedItem, { name }: Gate): GateItem {
  if (item.notes === undefined) return item
  const { notes, ...rest } = item
  const note = notes[noteKey(name, item.channel)]
  return note === undefined ? rest : { ...rest, note }
}
