export { AccountId, Epoch, ListName, Origin } from './ids.ts'
export { PhoneNumber } from './phone-number.ts'
