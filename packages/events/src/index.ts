export { ConsentOp, consentChanged } from './consent-changed.ts'
export { consentProvisional, everyAccount } from './consent-provisional.ts'
export { defineEvent, type EventContract, type EventOf } from './define-event.ts'
export { DeliveryStatus, deliveryReported } from './delivery-reported.ts'
