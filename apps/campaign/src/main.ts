import { runService } from '@heed/service'
import { config } from './config.ts'
import { startCampaign } from './service.ts'

await runService({ name: 'campaign', config, start: startCampaign })
