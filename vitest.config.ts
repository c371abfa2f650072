import { defineConfig } from 'vitest/config';

// The AWS SDK's word on Node 20 would stand between the test reports.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const rooms = '{platform,charts,certs,demo-services,scripts}';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.ts`],
          exclude: [`${rooms}/**/*.{parts,live}.test.ts`],
          isolate: false,
          testTimeout: 15_000,
        },
      },
      {
        // Against OpenSSL, moto, processes, whole synths and many random inputs; no broker.
        test: {
          name: 'parts',
          include: [`${rooms}/**/*.parts.test.ts`],
          testTimeout: 60_000,
          // Tools are fetched the first time.
          hookTimeout: 180_000,
        },
      },
      {
        // Against the real parts of the local target: broker, object store, speech.
        test: {
          name: 'live',
          include: [`${rooms}/**/*.live.test.ts`],
          globalSetup: './platform/local/testing/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
