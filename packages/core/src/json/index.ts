export { isPlainObject } from './is-plain-object.js'
export { toJson } from './to-json.js'
export { storableCopy } from './storable-copy.js'
export { isStorableText } from './is-storable-text.js'
