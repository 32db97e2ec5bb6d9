import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A carrier that answers each message with an id and keeps nothing: as fast as Node serves HTTP.

let count = 0
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const sid = `SM${String(++count).padStart(32, '0')}`
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ sid, status: 'queued', error_code: null }))
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => process.exit(0))
// Whoever started it is gone.
process.once('disconnect', () => process.exit(0))
