import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, recording } from '../../testing/voice.js';
import { browserProgram, enter, openBrowser, type TestBrowser, withoutBrowser } from '../testing/browser.js';
import { type House, openHouse } from '../testing/house.js';
import { personOf } from '../testing/person.js';

const THREADS = 120;

describe.skipIf(browserProgram === undefined)(`a long list of threads in Chromium${withoutBrowser}`, () => {
  let house: House;
  let machine: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    const port = inject('platform').endpoints['web/https']?.port;
    house = await openHouse({
      users: ['ada', 'bob'],
      threads: Array.from({ length: THREADS }, (_, i) => ({ id: `t-${i}`, members: ['ada', 'bob'] })),
      ...(port && { port }),
    });
    machine = await openBrowser();
    page = await machine.browser.newPage({ viewport: { width: 1_280, height: 800 } });
    page.setDefaultTimeout(30_000);
  });
  afterAll(async () => {
    await machine?.close();
    await house?.close();
  });

  const rows = () => page.getByRole('navigation', { name: 'Threads' }).getByRole('link');

  it('loads a page of it, and further where one scrolls; what is said further down comes to the top', async () => {
    await enter(page, house.url, 'ada');
    await rows().first().waitFor();
    expect(await rows().count()).toBe(50);
    const bob = personOf(house.url, 'bob');
    await bob.signIn();
    const last = (await bob.ask('GET', '/api/threads?limit=100')).body.threads.at(-1);
    const { body } = await bob.ask('GET', `/api/threads?limit=100&before=${last.mark}`);
    expect(body).toMatchObject({ hasBefore: false, hasAfter: true });
    const { id, title } = body.threads.at(-1);
    await bob.send(id, await bob.upload(id, await recording()));
    await rows().first().getByText(title, { exact: true }).waitFor();
    expect(await rows().count()).toBe(51);
    await eventually(async () => {
      await rows().last().scrollIntoViewIfNeeded();
      expect(await rows().count()).toBe(THREADS);
    });
    const addresses = await Promise.all((await rows().all()).map(row => row.getAttribute('href')));
    expect(new Set(addresses).size).toBe(THREADS);
    expect(await page.getByRole('button', { name: 'Earlier threads' }).count()).toBe(0);
  });
});
