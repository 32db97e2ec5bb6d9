import { randomUUID } from 'node:crypto'
import type { Db } from '@heed/mongo'
import { type Logger, startLoop, systemClock } from '@heed/service'
import { instanceStore } from './store/instances.ts'
import { restoreStore } from './store/restores.ts'
import { beatEveryMs } from './use-cases/restore/someone-serves.ts'

/**
 * Says for as long as it is open that this instance serves, which `restore-epoch` looks for; and is not opened
 * while a restore is not finished. It beats before it looks, so that one of the two sees the other.
 */
export async function serveUnlessRestoring(db: Db, log: Logger): Promise<AsyncDisposable> {
  const instances = instanceStore(db)
  const id = randomUUID()
  const beat = () => instances.beat(id, new Date(systemClock.now()))
  await instances.prepare()
  await beat()
  const restore = await restoreStore(db).underWay()
  if (restore !== null)
    throw new Error(
      `restore ${restore} is not finished: run npm run restore-epoch -- --restore-id ${restore}`,
    )
  return startLoop({ name: 'beat', everyMs: beatEveryMs, log, run: beat })
}
