/** One promise of a contract, and how to see that it holds. */
export interface ConformanceCase<Subject> {
  /** Short and unique in its suite: the name of a test. */
  readonly name: string
  /** The sentence of the contract that is proven. */
  readonly promise: string
  /** False for a subject that does not owe this; left out where all of them do. */
  readonly when?: (subject: Subject) => boolean
  /** Rejects where the promise is broken. */
  readonly run: (subject: Subject) => Promise<void>
}

export interface Closeable {
  close(): Promise<void>
}

/**
 * Runs a case against a fresh subject and closes that. Fits every test runner:
 * `for (const wanted of ledgerCases) test(wanted.name, () => runCase(wanted, open))`.
 * Rejects with the broken promise and its cause. Where the subject does not owe it, `notOwed` is called once all is
 * closed (`({ skip }) => runCase(wanted, open, skip)`), and the case passes.
 */
export async function runCase<Subject extends Closeable>(
  wanted: ConformanceCase<Subject>,
  open: () => Promise<Subject> | Subject,
  notOwed?: (why: string) => void,
): Promise<void> {
  const owed = await runOwed(wanted, await open())
  if (!owed) notOwed?.(`${wanted.name}: not owed by this subject`)
}

async function runOwed<Subject extends Closeable>(
  wanted: ConformanceCase<Subject>,
  subject: Subject,
): Promise<boolean> {
  try {
    if (wanted.when?.(subject) === false) return false
    await wanted.run(subject)
    return true
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${wanted.name}: "${wanted.promise}" does not hold. ${what}`, { cause })
  } finally {
    await subject.close()
  }
}
