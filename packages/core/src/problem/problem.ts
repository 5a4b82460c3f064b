declare const sentence: unique symbol

/**
 * A type that nothing has: where a mistake is found, it stands in place of what was expected, and the compiler prints
 * the sentence.
 */
export interface Problem<Sentence extends string> {
  readonly [sentence]: Sentence
}
