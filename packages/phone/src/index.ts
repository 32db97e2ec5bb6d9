export { AccountId, Epoch, ListName, NationalList, Origin } from './ids.ts'
export { PhoneNumber } from './phone-number.ts'
