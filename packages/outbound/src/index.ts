export type { AtGate, Carrier, CarrierText, HandOver, HandOverBasis } from './carrier/carrier.ts'
export { statusCallbackUrl, type TwilioCarrierOptions, twilioCarrier } from './carrier/twilio-carrier.ts'
export { blockedNumbers, type ComplianceCalls, complianceCalls } from './compliance-calls.ts'
export { type Dispatcher, startDispatcher } from './dispatch/dispatcher.ts'
export type { DispatcherDeps, DispatchLimits } from './dispatch/dispatcher-deps.ts'
export { readServerTime, type ServerClock, serverClock } from './dispatch/server-clock.ts'
export type { Judgement } from './domain/judgement.ts'
export { judgeQuietHours } from './domain/quiet-hours.ts'
export { judgeSendWindows } from './domain/send-windows.ts'
export { defaultRetryLimits, type RetryLimits } from './domain/settle.ts'
export { blockReasons, type TextReason } from './domain/text-reason.ts'
export { type Counts, type OutwardState, outwardState, type TextState } from './domain/text-state.ts'
export { openSender } from './open-sender.ts'
export type { CarrierRefusal } from './refusals.ts'
export { senderConfig } from './sender-config.ts'
export type { SendingSettings } from './sending-settings.ts'
export { type Outbound, type OutboundOptions, startOutbound } from './start-outbound.ts'
export {
  closedLane,
  type LaneDocument,
  type LaneFields,
  type LaneStore,
  openLaneStore,
} from './store/lane-store.ts'
export { numberPacers } from './store/number-pacers.ts'
export type { LaneId } from './store/text-claims.ts'
export {
  asSoonAsPossible,
  type ClaimedText,
  type NewText,
  type SendWindows,
  type TextDocument,
} from './store/text-document.ts'
export { openTextStore, type TextStore } from './store/text-store.ts'
export { PastTextRow, pastTextRow, RowReason, TextRow, textRow } from './text-row.ts'
export { placeOf, TimePlace, textsRouter } from './texts-router.ts'
