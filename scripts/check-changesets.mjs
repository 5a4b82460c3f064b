// Changesets must name packages that exist and lead to a release plan. Unlike `changeset status`, this needs
// neither a base branch nor a remote.
import getReleasePlan from '@changesets/get-release-plan'
import { root } from './shell.mjs'

const { releases } = await getReleasePlan(root)
for (const { name, type, oldVersion, newVersion } of releases) {
  if (type !== 'none') console.log(`${name}: ${oldVersion} -> ${newVersion} (${type})`)
}
