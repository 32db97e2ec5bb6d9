import { runService } from '@heed/service'
import { config } from './config.ts'
import { startCompliance } from './service.ts'

await runService({ name: 'compliance', config, start: startCompliance })
