import { defineConfig } from 'vitest/config';

const rooms = '{platform,charts,certs,demo-services,scripts}';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.ts`],
          exclude: [`${rooms}/**/*.live.test.ts`],
          testTimeout: 15_000,
        },
      },
      {
        // Against the real parts of the local target: broker, object store, speech.
        test: {
          name: 'live',
          include: [`${rooms}/**/*.live.test.ts`],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
