import { runService } from '@heed/service'
import { config } from './config.ts'
import { startMessages } from './service.ts'

await runService({ name: 'messages', config, start: startMessages })
