export { type StackConfig, stackConfig } from './config.ts'
export { announceRun, clearEarlierRuns, type DevRun, handOut, onceGone, thisDevRun } from './dev-run.ts'
export { dropDatabases } from './drop-databases.ts'
export {
  assignPorts,
  type Environment,
  type SystemOptions,
  serviceEnvironment,
  urlOf,
} from './environment.ts'
export { type FoundServer, findOrStartMongo, type ServerOptions } from './mongo.ts'
export { findOrStartNats, NatsMissingError } from './nats.ts'
export { repository } from './paths.ts'
export { defaultPorts, freePort, serviceNames } from './ports.ts'
export { openProcessGroup, type ProcessGroup } from './process-group.ts'
export { childrenOf, identify, isAlive, type ProcessIdentity } from './process-identity.ts'
export { type ProcessRecord, readProcessRecords } from './process-record.ts'
export { type Proxy, startProxy } from './proxy.ts'
export { RunFile, readRunFile, removeRunFile, runFilePath, runSecrets, writeRunFile } from './run-file.ts'
export { AlreadyRunningError, takeRunLock } from './run-lock.ts'
export { generateSecrets, type Secrets } from './secrets.ts'
export {
  type RunningService,
  type RunningServices,
  type StartServicesOptions,
  startServices,
} from './services.ts'
export {
  ProcessFailedError,
  type ProcessSpec,
  type RunningProcess,
  type Sink,
  startProcess,
} from './start-process.ts'
export { stopSignal, untilAborted } from './stop-signal.ts'
