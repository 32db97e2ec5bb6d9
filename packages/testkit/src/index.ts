export { freePort, type Proxy, startProxy } from '@heed/local-stack'
export { newAccountId, newPhoneNumber } from './ids.ts'
export { checkNothingOpen } from './nothing-open.ts'
export { type OwnServer, ownMongo, ownNats } from './own-servers.ts'

export {
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts'
export { readOnlyView, type SmallDisk, smallDisks } from './small-disk.ts'
export { type TestBus, testBus } from './test-bus.ts'
export { type TestClock, testClock } from './test-clock.ts'
export { type TestDatabase, testDatabase } from './test-database.ts'
export { type LogLine, testLog } from './test-log.ts'
export { waitFor } from './wait-for.ts'
