export { compileContent } from './compile-content.js'
export type { CompiledContent } from './compile-content.js'
export { templateVariables } from './template-variables.js'
