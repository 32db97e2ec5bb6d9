export { AudienceCursor, audiencePage } from './audience.ts'
export { type AudiencePage, type ContactsRpc, openAudiences, type Person } from './audiences.ts'
