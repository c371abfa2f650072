import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../testing/voice.js';
import { drawPictures } from '../../traffic/picture.js';
import { browserProgram, enter, openBrowser, type TestBrowser, withoutBrowser } from '../testing/browser.js';
import { openStreet, type Street } from '../testing/street.js';

const FRIENDS = '#/t/friends';
/** What a dead connection is given, twice: until it is noticed, and until another one is tried. */
const LONG_MS = 120_000;

describe.skipIf(browserProgram === undefined)(`the page without a network${withoutBrowser}`, () => {
  let street: Street;
  let machine: TestBrowser;
  let landscape: Buffer;
  let [ada, bob]: Page[] = [];

  const pageOf = async (name: string, options?: BrowserContextOptions): Promise<Page> => {
    const context = await machine.browser.newContext(options);
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await enter(page, street.url, name, FRIENDS);
    return page;
  };
  const people = () => {
    if (ada === undefined || bob === undefined) throw new Error('nobody is here');
    return { ada, bob };
  };
  const send = async (page: Page) => {
    const picture = { name: 'hills.jpg', mimeType: 'image/jpeg', buffer: landscape };
    await page.locator('input[type=file]').setInputFiles(picture);
    await page.getByRole('list', { name: 'Not sent yet' }).getByRole('button', { name: 'Send' }).click();
    await page.locator('.leaving').last().waitFor();
  };

  beforeAll(async () => {
    street = await openStreet({
      users: ['ada', 'bob'],
      threads: [{ id: 'friends', title: 'Friends', members: ['ada', 'bob'] }],
    });
    machine = await openBrowser();
    landscape = (await drawPictures([0], 1)).get(0) ?? Buffer.alloc(0);
    [ada, bob] = [await pageOf('ada'), await pageOf('bob')];
  });
  afterAll(async () => {
    await machine?.close();
    await street?.close();
  });

  it('tries an upload again that comes no further, and sends what waits behind it', {
    timeout: LONG_MS,
  }, async () => {
    const { bob } = people();
    const before = await bob.getByRole('article').count();
    // A worker would hide requests from the test.
    const page = await pageOf('ada', { serviceWorkers: 'block' });
    let puts = 0;
    await page.route(
      () => true,
      async route => {
        if (route.request().method() === 'PUT' && ++puts === 1) return;
        await route.continue();
      },
    );
    await send(page);
    await eventually(() => expect(puts).toBe(1));
    await send(page);
    await page.locator('.leaving').first().waitFor({ state: 'detached', timeout: LONG_MS });
    await eventually(async () => expect(await bob.getByRole('article').count()).toBe(before + 2));
    expect(puts).toBe(3);
    await page.context().close();
  });

  it('notices that nothing comes any more, and goes on where it was', { timeout: LONG_MS }, async () => {
    const { ada, bob } = people();
    const before = await bob.getByRole('article').count();
    // Its connections stay open: nobody tells the pages.
    street.web().signal('SIGSTOP');
    try {
      await send(ada);
      await bob.getByText('Connecting again').waitFor({ timeout: LONG_MS });
      await ada.getByText('Connecting again').waitFor({ timeout: LONG_MS });
    } finally {
      street.web().signal('SIGCONT');
    }
    await bob.getByText('Connecting again').waitFor({ state: 'detached', timeout: LONG_MS });
    await ada.locator('.leaving').waitFor({ state: 'detached', timeout: LONG_MS });
    await eventually(async () => expect(await bob.getByRole('article').count()).toBe(before + 1));
  });

  it('opens all the same, says what is kept, and sends it once somebody answers', async () => {
    const { ada, bob } = people();
    const before = await bob.getByRole('article').count();
    await ada.evaluate('navigator.serviceWorker.ready.then(() => true)');
    street.web().signal('SIGKILL');
    await street.web().ended;
    await send(ada);
    await ada.reload();
    await ada.getByRole('heading', { name: 'No connection' }).waitFor();
    await ada.getByText('A message is kept in this browser').waitFor();
    await ada.evaluate(axe.source);
    expect((await ada.evaluate<axe.AxeResults>('axe.run()')).violations).toEqual([]);
    await street.restart('web');
    await street.web().ready();
    await ada.getByRole('navigation', { name: 'Threads' }).waitFor({ state: 'attached' });
    await ada.locator('.leaving').waitFor({ state: 'detached' });
    await eventually(async () => expect(await bob.getByRole('article').count()).toBe(before + 1));
  });

  it('keeps nothing of anybody where the page itself is kept', async () => {
    const { ada } = people();
    const kept = await ada.evaluate<string[]>(`(async () => {
      const caches = await Promise.all((await globalThis.caches.keys()).map(name => globalThis.caches.open(name)));
      const requests = await Promise.all(caches.map(cache => cache.keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    })()`);
    expect(kept.length).toBeGreaterThan(1);
    for (const pathname of kept) expect(pathname).toMatch(/^\/(assets\/[\w.-]+)?$/);
  });
});
