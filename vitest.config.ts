import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'workers/**/*.test.ts', 'scripts/**/*.test.{ts,mjs}'],
    globalSetup: ['scripts/test/global-setup.mjs'],
    // Forked processes: gdal-async cannot be loaded in threads. Two: each may have raster children of its own.
    pool: 'forks',
    maxWorkers: 2,
    // Generous: on a machine that is busy with other work a full comparison takes its time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
