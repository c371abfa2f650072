import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { silent } from '../../report.js';
import { type Check, verify } from './index.js';
import { localSubject } from './local.js';

let platform: TestPlatform;
const run = async (only?: readonly Check['group'][]) => {
  const signal = new AbortController().signal;
  const subject = await localSubject(testConfig(), platform.folder, { env: process.env, signal });
  try {
    return await verify(subject, { report: silent, signal, ...(only && { only }) });
  } finally {
    await subject.admin.close();
  }
};

beforeAll(async () => {
  platform = await startTestPlatform({ only: ['broker', 'store', 'speech', 'transcriber'] });
});
afterAll(() => platform?.stop());

describe('a platform that is as described', () => {
  it('passes every check, a spoken message through store, broker and speech among them', async () => {
    const verification = await run();
    expect(verification.findings).toEqual([]);
    expect(verification).toMatchObject({ failed: 0 });
    expect(verification.passed).toBeGreaterThan(140);
    const speech = verification.checks.filter(({ group }) => group === 'speech');
    expect(speech).toMatchObject([
      { result: 'passed', saw: expect.stringContaining('good morning everyone') },
    ]);
  }, 120_000);

  it('leaves nothing behind on the broker', async () => {
    const signal = new AbortController().signal;
    const { admin, plan } = await localSubject(testConfig(), platform.folder, { env: process.env, signal });
    expect(await admin.get(`namespaces/${plan.tenants[0]}`)).toEqual(['voice/chat']);
    await admin.close();
  });
});

describe('a platform that is not', () => {
  it('fails on a grant that somebody gave by hand, and names it', async () => {
    const signal = new AbortController().signal;
    const { admin } = await localSubject(testConfig(), platform.folder, { env: process.env, signal });
    await admin.send('POST', 'persistent/voice/chat/results/permissions/images', ['consume', 'produce']);
    const { failed, findings } = await run(['grants']);
    expect(failed).toBe(1);
    expect(findings).toMatchObject([
      { code: 'VerifyFailed', message: 'images: reads results', want: 'refused' },
    ]);
    await admin.send('POST', 'persistent/voice/chat/results/permissions/images', ['produce']);
    await admin.close();
  });

  it('fails on a token that is not of the role', async () => {
    const token = platform.folder.token('transcriber');
    const own = await readFile(token, 'utf8');
    await writeFile(token, await readFile(platform.folder.token('traffic'), 'utf8'));
    const { findings } = await run(['grants']);
    await writeFile(token, own);
    expect(findings.map(({ message }) => message)).toContain('transcriber: produces audio');
  });
});
