/** The names that lead to an attribute, outermost first: `plan.name` is `['plan', 'name']`. No other character is special. */
export function attributePath(attribute: string): readonly string[] {
  return attribute.split('.')
}
