import type { PlannedEvent } from './plan.js'
import { pauseAwhile } from './pause-awhile.js'
import type { Stage } from './stage.js'

/** Does one thing to the run. False where it has to be tried again. */
export async function happens(stage: Stage, { kind, pick, backAfterMs }: PlannedEvent): Promise<boolean> {
  const { damage, crew, production, server, pool } = stage
  switch (kind) {
    case 'kill': {
      const held = await crew.kill(pick, backAfterMs)
      if (held === 0) return false
      damage.inTheAir += held
      damage.kills += 1
      return true
    }
    case 'kill-reader': {
      const held = await crew.killReader(pick, backAfterMs)
      // All is read, or nobody comes to it just now.
      if (held === undefined) return happens(stage, { at: 0, kind: 'kill', pick, backAfterMs })
      damage.inTheAir += held
      damage.kills += 1
      damage.readerKills += 1
      return true
    }
    case 'pause':
      await pauseAwhile(stage, pick)
      return true
    case 'deploy':
      await crew.deploy()
      damage.deploys += 1
      return true
    case 'stop': {
      const stopped = await crew.freeze(pick)
      if (stopped) damage.stops += 1
      return stopped
    }
    case 'kill-producer':
      production.kill(backAfterMs)
      damage.producerKills += 1
      return true
    case 'restart':
      await server.restart?.()
      damage.restarts += 1
      return true
    case 'move':
      beginMove(stage)
      damage.moves += 1
      return true
    case 'lose-pool':
      await pool?.clear()
      damage.poolLosses += 1
      return true
    case 'restart-pool':
      await pool?.restart?.()
      damage.restarts += 1
      return true
  }
}

/** Beside everything else: it takes as long as there are keys. One that failed stays, and fails the run. */
function beginMove({ moves, server }: Stage): void {
  const move = Promise.all(moves).then(server.move)
  moves.add(move)
  move.then(
    () => moves.delete(move),
    () => {},
  )
}
