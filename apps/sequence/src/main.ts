import { runService } from '@heed/service'
import { config } from './config.ts'
import { startSequence } from './service.ts'

await runService({ name: 'sequence', config, start: startSequence })
