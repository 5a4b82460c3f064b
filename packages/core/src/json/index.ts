export { isPlainObject } from './is-plain-object.js'
export { toJson } from './to-json.js'
