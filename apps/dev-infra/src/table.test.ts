import { expect, test } from 'vitest'
import { table } from './table.ts'

test('each process has one line with its name, address and number, in columns', () => {
  const lines = table([
    { name: 'nats-server', url: 'nats://127.0.0.1:4222', pid: 12 },
    { name: 'compliance', url: 'http://127.0.0.1:4001', pid: 3456 },
  ])
  expect(lines.filter((line) => line.includes('://'))).toEqual([
    '  nats-server  nats://127.0.0.1:4222  pid 12',
    '  compliance   http://127.0.0.1:4001  pid 3456',
  ])
})
