import { runService } from '@heed/service'
import { carrierSimConfig } from './config.ts'
import { startCarrierSim } from './service.ts'

await runService({ name: 'carrier-sim', config: carrierSimConfig, start: startCarrierSim })
