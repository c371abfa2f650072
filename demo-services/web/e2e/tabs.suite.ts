import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, recording } from '../../testing/voice.js';
import { drawPictures } from '../../traffic/picture.js';
import {
  browserProgram,
  complaintsOf,
  enter,
  openBrowser,
  type TestBrowser,
  withoutBrowser,
} from '../testing/browser.js';
import { personOf } from '../testing/person.js';
import { openStreet, type Street, spokenFile } from '../testing/street.js';

const FRIENDS = '#/t/friends';
/** How much lies on the browser's disk. */
const SHELF = `new Promise((resolve, reject) => {
  const opening = indexedDB.open('voice-chat');
  opening.onerror = reject;
  opening.onsuccess = () => {
    const counting = opening.result.transaction('kept').objectStore('kept').count();
    counting.onsuccess = () => resolve(counting.result);
    counting.onerror = reject;
  };
})`;

describe.skipIf(browserProgram === undefined)(`tabs of one browser${withoutBrowser}`, () => {
  let street: Street;
  let machine: TestBrowser;
  let complaints: (readonly string[])[];
  let landscape: Buffer;
  let context: BrowserContext;
  let bob: Page;

  const newContext = async (): Promise<BrowserContext> => {
    const made = await machine.browser.newContext({ permissions: ['microphone'] });
    made.setDefaultTimeout(30_000);
    complaints.push(complaintsOf(made));
    return made;
  };
  /** One more of ada's tabs. */
  const tab = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${street.url}/${FRIENDS}`);
    await page.getByRole('link', { name: /Friends/ }).waitFor();
    return page;
  };
  const tray = (page: Page) => page.getByRole('list', { name: 'Not sent yet' });
  const attach = (page: Page) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'hills.jpg', mimeType: 'image/jpeg', buffer: landscape });
  const sendFrom = (page: Page) => tray(page).getByRole('button', { name: 'Send' }).click();
  const messages = () => bob.getByRole('article').count();

  beforeAll(async () => {
    complaints = [];
    street = await openStreet({
      users: ['ada', 'bob'],
      threads: [{ id: 'friends', title: 'Friends', members: ['ada', 'bob'] }],
    });
    machine = await openBrowser(await spokenFile('good morning everyone'));
    landscape = (await drawPictures([0], 1)).get(0) ?? Buffer.alloc(0);
    context = await newContext();
    const first = await context.newPage();
    await enter(first, street.url, 'ada', FRIENDS);
    await first.close();
    bob = await (await newContext()).newPage();
    await enter(bob, street.url, 'bob', FRIENDS);
  });
  afterAll(async () => {
    await machine?.close();
    await street?.close();
  });

  it('show what another one has recorded once it has stopped, and send it once', async () => {
    const [one, other] = [await tab(), await tab()];
    const before = await messages();
    await one.getByRole('button', { name: 'Record a voice message' }).click();
    // Some of it is on the disk by then.
    await one.getByRole('timer').getByText('0:04').waitFor();
    await other.reload();
    await other.getByRole('button', { name: 'Record a voice message' }).waitFor();
    expect(await other.evaluate<number>(SHELF)).toBe(1);
    await one.getByRole('timer').getByText('0:06').waitFor();
    expect(await tray(other).count()).toBe(0);
    await one.getByRole('button', { name: 'Stop, and listen to it first' }).click();
    await tray(one).waitFor();
    await tray(other).waitFor();
    // At once: in the one that is later it may be gone by then.
    const click = "document.querySelector('.tray .send')?.click()";
    await Promise.all([one.evaluate(click), other.evaluate(click)]);
    for (const page of [one, other]) {
      await tray(page).waitFor({ state: 'detached' });
      await page.locator('.leaving').waitFor({ state: 'detached' });
    }
    await eventually(async () => expect(await messages()).toBe(before + 1));
    await Promise.all([one.close(), other.close()]);
  });

  it('go on with what one of them has left behind', async () => {
    const [one, other] = [await tab(), await tab()];
    const before = await messages();
    await context.setOffline(true);
    await one.getByText('You are offline').waitFor();
    await attach(one);
    await sendFrom(one);
    await one.locator('[data-status=draft]').waitFor();
    await other.locator('[data-status=draft]').waitFor();
    await one.close();
    await context.setOffline(false);
    await other.locator('.leaving').waitFor({ state: 'detached' });
    await eventually(async () => expect(await messages()).toBe(before + 1));
    await other.close();
  });

  it('offer another key when something else was sent under that of a message', async () => {
    const page = await tab();
    const before = await messages();
    await context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await attach(page);
    await sendFrom(page);
    await page.locator('[data-status=draft]').waitFor();
    const key = (await page.locator('.leaving article').getAttribute('data-message')) ?? '';
    const ada = personOf(street.url, 'ada');
    await ada.signIn();
    const upload = await ada.upload('friends', await recording());
    expect((await ada.send('friends', upload, key)).status).toBe(202);
    await context.setOffline(false);
    await page.getByText('Not sent: something else was sent in its place').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.leaving').waitFor({ state: 'detached' });
    await eventually(async () => expect(await messages()).toBe(before + 2));
    await page.close();
  });

  it('leave nothing of one person to the next', async () => {
    const page = await tab();
    await attach(page);
    await tray(page).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { left: 'by ada' }));
    await page.getByLabel('Search what was said').fill('morning');
    await page.getByRole('navigation', { name: 'Found' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => 'left' in globalThis)).toBe(false);
    await enter(page, street.url, 'bob', FRIENDS);
    await page.getByRole('article').first().waitFor();
    expect(await page.getByLabel('Search what was said').inputValue()).toBe('');
    expect(await tray(page).count()).toBe(0);
    await page.close();
  });

  it('give the browser nothing to complain about', () => {
    expect(complaints.flat()).toEqual([]);
  });
});
