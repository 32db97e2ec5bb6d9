import { defineConfig } from 'vitest/config'

const workspaces = '{packages,apps}/*'

export default defineConfig({
  test: {
    include: [
      `${workspaces}/src/**/*.test.ts`,
      `${workspaces}/tests/**/*.test.ts`,
      'tests/**/*.test.ts',
      'simulation/**/*.test.ts',
    ],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    setupFiles: ['packages/testkit/src/setup-file.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
  },
})
