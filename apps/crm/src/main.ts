import { runService } from '@heed/service'
import { config } from './config.ts'
import { startCrm } from './service.ts'

await runService({ name: 'crm', config, start: startCrm })
