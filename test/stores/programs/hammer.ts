// Counts, enters, takes and reserves as often as it is told, all at once. Answers what it was let have.
import { storeAt } from '../../support/durable-stores.js'
import type { StorePlace } from '../../support/durable-stores.js'
import { realContext } from '../../support/lamp.js'
import { serve, settings } from '../../support/program-parent.js'
import { hammer } from '../../support/hammer.js'
import type { Blows } from '../../support/hammer.js'

const { state } = await storeAt(settings() as StorePlace).open(realContext)
serve(async (blows) => hammer(state, blows as Blows))
