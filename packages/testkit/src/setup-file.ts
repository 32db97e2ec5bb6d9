import { watchFile } from './at-file-end.ts'

watchFile()
