import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browserProgram,
  complaintsOf,
  openBrowser,
  type TestBrowser,
  withoutBrowser,
} from '../testing/browser.js';
import { startProvider, type TestProvider } from '../testing/provider.js';
import { openStreet, type Street, spokenFile } from '../testing/street.js';

const SAID = 'our team won the game last night';
const ALL_SAID = /^0:(0[5-9]|[1-5]\d)/;
const LONG_MS = 120_000;

describe.skipIf(browserProgram === undefined)(`a sign-in by OpenID in Chromium${withoutBrowser}`, () => {
  let street: Street;
  let provider: TestProvider;
  let machine: TestBrowser;
  let context: BrowserContext;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    provider = await startProvider();
    street = await openStreet({ users: [], threads: [], env: provider.env });
    provider.open(street.url);
    machine = await openBrowser(await spokenFile(SAID), [provider.trust]);
    context = await machine.browser.newContext({ permissions: ['microphone'] });
    context.setDefaultTimeout(30_000);
    // The provider's pages want a font from far away.
    await context.route('https://fonts.googleapis.com/**', route =>
      route.fulfill({ contentType: 'text/css' }),
    );
    complaints = complaintsOf(context);
    page = await context.newPage();
  });
  afterAll(async () => {
    await machine?.close();
    await street?.close();
    provider?.close();
  });

  const door = () => page.getByRole('link', { name: 'Sign in with Test provider' });
  /** As somebody does it whom the provider does not know yet. */
  const signIn = async (login: string) => {
    await page.goto(`${street.url}/`);
    await door().click();
    await page.waitForURL(`${provider.issuer}/**`);
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${street.url}/**`);
    await page.getByRole('navigation', { name: 'Threads' }).waitFor({ state: 'attached' });
  };
  const record = async () => {
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await page.getByRole('timer').getByText(ALL_SAID).waitFor();
  };

  it('leads to a message that is sent and read', { timeout: LONG_MS }, async () => {
    await signIn('1.grace');
    await page.getByRole('button', { name: 'New thread' }).first().click();
    await page.getByLabel('Title').fill('Notes');
    await page.getByRole('button', { name: 'Begin' }).click();
    await record();
    await page.getByRole('button', { name: 'Send' }).click();
    const transcript = page.getByRole('article').last().locator('.transcript');
    await transcript.waitFor();
    expect((await transcript.innerText()).trim()).toBe(SAID);
  });

  it('ends here and at the provider', { timeout: LONG_MS }, async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${provider.issuer}/**`);
    await page.getByRole('button', { name: /sign me out/i }).click();
    await page.waitForURL(`${street.url}/**`);
    await door().waitFor();
    expect((await context.cookies(street.url)).map(({ name }) => name)).toEqual([]);
  });

  it('stops when it ends at the provider, in the middle of a recording', { timeout: LONG_MS }, async () => {
    await signIn('1.grace');
    await page.getByRole('link', { name: /Notes/ }).click();
    const frames: string[] = [];
    page.on('websocket', socket =>
      socket.on('framereceived', ({ payload }) => void frames.push(String(payload))),
    );
    await record();
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${provider.issuer}/session/end`);
    await elsewhere.getByRole('button', { name: /sign me out/i }).click();
    await door().waitFor();
    expect(frames.at(-1)).toContain('NotSignedIn');
    // What was being said is still there for whoever said it.
    await elsewhere.close();
    await signIn('1.grace');
    await page.getByRole('link', { name: /Notes/ }).click();
    const tray = page.getByRole('list', { name: 'Not sent yet' });
    await tray.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('article').nth(1).locator('.transcript').waitFor();
  });

  it('gives the browser nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});
