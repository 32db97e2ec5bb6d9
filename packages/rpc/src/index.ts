export { createRpcClient, type RpcClient, refusalReason, serviceCalls } from './client.ts'
export { DomainError, type ErrorReason, errorCatalogue } from './errors.ts'
export { serveRouter } from './server.ts'
export {
  type Caller,
  generateKey,
  ownTokens,
  type PrivateKey,
  type PublicKey,
  privateKeySetting,
  publicKeysSetting,
  Role,
  signToken,
  type TokenVerifier,
  tokenVerifier,
} from './tokens.ts'
export {
  callerFactory,
  type ProcedureMeta,
  procedure,
  type RpcContext,
  router,
  subscription,
} from './trpc.ts'
