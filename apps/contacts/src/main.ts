import { runService } from '@heed/service'
import { config } from './config.ts'
import { startContacts } from './service.ts'

await runService({ name: 'contacts', config, start: startContacts })
