import { runService } from '@heed/service'
import { config } from './config.ts'
import { startInboundSms } from './service.ts'

await runService({ name: 'inbound-sms', config, start: startInboundSms })
