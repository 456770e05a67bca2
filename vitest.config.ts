import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/cluster.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A journey in a browser takes seconds on two idle cores, and many of them on two busy ones.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real processes, sockets and browsers on a shared machine: a test that fails once is tried once more, and vitest says so.
    retry: process.env.CI === 'true' ? 1 : 0,
  },
})
