import type { BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPictures } from '../../traffic/picture.js';
import { routes } from '../api/index.js';
import {
  browserProgram,
  complaintsOf,
  enter,
  openBrowser,
  type TestBrowser,
  withoutBrowser,
} from '../testing/browser.js';
import { openStreet, type Street, spokenFile } from '../testing/street.js';

/** As somebody gives a picture who drags it, or has copied it. */
async function give(page: Page, way: string, picture: Buffer): Promise<void> {
  if (way === 'file') {
    const file = { name: 'hills.jpg', mimeType: 'image/jpeg', buffer: picture };
    await page.locator('input[type=file]').setInputFiles(file);
    return;
  }
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), one => one.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'hills.jpg', { type: 'image/jpeg' }));
    const init = { bubbles: true, cancelable: true, dataTransfer: transfer, clipboardData: transfer };
    const event = '${way}' === 'drop' ? new DragEvent('drop', init) : new ClipboardEvent('paste', init);
    document.querySelector('.thread').dispatchEvent(event);
  })()`);
}

const SAID = 'our team won the game last night';
const FRIENDS = '#/t/friends';
/** What the clock of a recording says once the sentence is over, however late somebody looks. */
const ALL_SAID = /^0:(0[5-9]|[1-5]\d)/;

describe.skipIf(browserProgram === undefined)(`the page in Chromium${withoutBrowser}`, () => {
  let street: Street;
  let machine: TestBrowser;
  let [ada, bob]: Page[] = [];
  let complaints: (readonly string[])[];
  let landscape: Buffer;
  let begun = '';

  const newPerson = async (): Promise<BrowserContext> => {
    const context = await machine.browser.newContext({ permissions: ['microphone'] });
    context.setDefaultTimeout(30_000);
    complaints.push(complaintsOf(context));
    return context;
  };

  beforeAll(async () => {
    complaints = [];
    street = await openStreet({
      users: ['ada', 'bob'],
      threads: [{ id: 'friends', title: 'Friends', members: ['ada', 'bob'] }],
      env: { REGISTRATION: 'open' },
    });
    machine = await openBrowser(await spokenFile(SAID));
    landscape = (await drawPictures([0], 1)).get(0) ?? Buffer.alloc(0);
    [ada, bob] = [await (await newPerson()).newPage(), await (await newPerson()).newPage()];
    await enter(ada, street.url, 'ada', FRIENDS);
    await enter(bob, street.url, 'bob', FRIENDS);
  });
  afterAll(async () => {
    await machine?.close();
    await street?.close();
  });

  const people = () => {
    if (ada === undefined || bob === undefined) throw new Error('nobody is here');
    return { ada, bob };
  };
  /** Until all of the sentence is said: the page's own clock counts it. */
  const record = async (page: Page) => {
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await page.getByRole('timer').getByText(ALL_SAID).waitFor();
  };
  const newest = (page: Page) => page.getByRole('article').last();

  it("brings spoken words into the other one's open page", async () => {
    const { ada, bob } = people();
    await bob.evaluate(() => Object.assign(globalThis, { neverLoadedAgain: true }));
    await record(ada);
    await bob.getByText('ada is recording…').first().waitFor();
    const posted = ada.waitForRequest(
      request => request.method() === 'POST' && request.url().endsWith(routes.messages('friends')),
    );
    await ada.getByRole('button', { name: 'Send' }).click();
    begun = (await posted).headers()['traceparent'] ?? '';
    await newest(bob).getByText(SAID).or(newest(bob).locator('.transcript')).waitFor();
    expect((await newest(bob).locator('.transcript').innerText()).trim()).toBe(SAID);
    expect(await newest(bob).getAttribute('aria-label')).toMatch(/^ada, .*our team won the game last night$/);
    await newest(ada).locator('.transcript').waitFor();
    expect(await bob.evaluate(() => 'neverLoadedAgain' in globalThis)).toBe(true);
  });

  it('begins a trace that its message and the transcript of it go on with', async () => {
    const id = (await newest(people().bob).getAttribute('data-message')) ?? '';
    expect(begun).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    const [, trace = 'none'] = begun.split('-');
    expect((await street.voice.sentAs('audio', id)).traceparent).toContain(trace);
    const [transcript] = await street.voice.resultsOf(id);
    expect(transcript?.result.traceparent).toContain(trace);
  });

  it('shows what is said while it is said, and sends what was streamed', async () => {
    const { ada, bob } = people();
    const puts: string[] = [];
    const onRequest = (request: Request) => {
      if (request.method() === 'PUT') puts.push(request.url());
    };
    ada.on('request', onRequest);
    const before = await bob.locator('.transcript').count();
    await ada.getByRole('button', { name: 'Record a voice message' }).click();
    const captions = ada.getByRole('region', { name: 'Captions' });
    await captions.getByText('Your words appear here').waitFor();
    // Nobody has stopped it.
    await captions.locator('[aria-live=polite]', { hasText: /team won the game/ }).waitFor();
    await ada.getByRole('timer').getByText(ALL_SAID).waitFor();
    await ada.getByRole('button', { name: 'Send' }).click();
    await captions.waitFor({ state: 'detached' });
    await bob.locator('.transcript').nth(before).waitFor();
    expect((await bob.locator('.transcript').nth(before).innerText()).trim()).toBe(SAID);
    ada.off('request', onRequest);
    expect(puts).toEqual([]);
  });

  it('plays it, and goes to the word that one clicks', async () => {
    const { bob } = people();
    const position = newest(bob).getByRole('slider', { name: 'Position' });
    await newest(bob).getByRole('button', { name: 'Play' }).click();
    await newest(bob).getByRole('button', { name: 'Pause' }).waitFor();
    await newest(bob).locator('.word', { hasText: 'night' }).click();
    await newest(bob).locator('.word.lit', { hasText: 'night' }).waitFor();
    await newest(bob).getByRole('button', { name: 'Play' }).waitFor();
    const steps: (string | null)[] = [];
    for (const key of ['Home', ...SAID.split(' ').map(() => 'ArrowRight'), 'ArrowLeft']) {
      await position.press(key);
      steps.push(await position.getAttribute('aria-valuetext'));
    }
    expect(steps.map(text => text?.split(', ')[1])).toEqual([undefined, ...SAID.split(' '), 'last']);
    await newest(bob).getByRole('button', { name: 'Speed' }).click();
    expect(await newest(bob).getByRole('button', { name: 'Speed' }).innerText()).toBe('1.25×');
  });

  it.each(['file', 'paste', 'drop'])('shows a picture that came by %s', async way => {
    const { ada, bob } = people();
    const before = await ada.locator('article .picture img').count();
    await give(bob, way, landscape);
    const tray = bob.getByRole('list', { name: 'Not sent yet' });
    await tray.getByRole('button', { name: 'Send' }).click();
    await tray.waitFor({ state: 'detached' });
    const picture = ada.locator('article .picture img').nth(before);
    await picture.and(ada.locator('.loaded')).waitFor();
    expect(
      await ada.evaluate<number>(`document.querySelectorAll('article .picture img')[${before}].naturalWidth`),
    ).toBeGreaterThan(100);
    expect(await picture.getAttribute('srcset')).toMatch(/picture\?width=320 320w, .*width=1280 1280w/);
    expect(await ada.locator('article button.picture').nth(before).getAttribute('style')).toContain(
      'data:image/webp',
    );
  });

  it('keeps a recording over a reload, until its author sends it', async () => {
    const { ada, bob } = people();
    await record(ada);
    await ada.getByRole('button', { name: 'Stop, and listen to it first' }).click();
    const tray = ada.getByRole('list', { name: 'Not sent yet' });
    await tray.waitFor();
    const before = await bob.locator('.transcript').count();
    await ada.reload();
    await tray.getByRole('button', { name: 'Play' }).waitFor();
    await tray.getByRole('button', { name: 'Send' }).click();
    await bob.locator('.transcript').nth(before).waitFor();
    expect((await bob.locator('.transcript').nth(before).innerText()).trim()).toBe(SAID);
  });

  it('keeps what is said offline, even over the end of the page, and sends it once', async () => {
    const { bob } = people();
    const context = people().ada.context();
    const before = await bob.locator('.transcript').count();
    await context.setOffline(true);
    await people().ada.getByText('You are offline').waitFor();
    await record(people().ada);
    await people().ada.getByRole('button', { name: 'Send' }).click();
    await people().ada.locator('[data-status=draft]').waitFor();
    await people().ada.close();
    await context.setOffline(false);
    ada = await context.newPage();
    await ada.goto(`${street.url}/${FRIENDS}`);
    await bob.locator('.transcript').nth(before).waitFor();
    await ada.locator('.leaving').waitFor({ state: 'detached' });
    expect(await bob.locator('.transcript').count()).toBe(before + 1);
  });

  it('sends once what was on its way while the front door died', async () => {
    const { ada, bob } = people();
    const before = await bob.locator('.transcript').count();
    await record(ada);
    const captions = ada.getByRole('region', { name: 'Captions' });
    await captions.waitFor();
    street.web().signal('SIGKILL');
    await street.web().ended;
    // What was streamed went with it: the page goes on recording, and uploads all of it.
    await captions.waitFor({ state: 'detached' });
    await ada.getByRole('timer').waitFor();
    const upload = ada.waitForRequest(request => request.method() === 'PUT');
    await ada.getByRole('button', { name: 'Send' }).click();
    await ada.locator('.leaving').waitFor();
    await street.restart('web');
    await street.web().ready();
    await upload;
    await bob.locator('.transcript').nth(before).waitFor();
    await ada.locator('.leaving').waitFor({ state: 'detached' });
    expect(await bob.locator('.transcript').count()).toBe(before + 1);
  });

  it('says why a picture failed, and tries again in its place', async () => {
    const { ada } = people();
    const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
    await ada.locator('input[type=file]').setInputFiles(broken);
    await ada.getByRole('list', { name: 'Not sent yet' }).getByRole('button', { name: 'Send' }).click();
    const failure = ada.locator('article', { has: ada.locator('[data-status=failed]') });
    await failure.getByText(/No picture could be made of it: /).waitFor();
    const first = await failure.getAttribute('data-message');
    await failure.getByRole('button', { name: 'Try again' }).click();
    await ada.locator(`[data-message="${first}"]`).waitFor({ state: 'detached' });
    await failure.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await failure.count()).toBe(1);
  });

  it('finds what was said, and leads there', async () => {
    const { bob } = people();
    await bob.keyboard.press('/');
    await bob.keyboard.type('nigh');
    const found = bob.getByRole('navigation', { name: 'Found' }).getByRole('link').last();
    await found.locator('mark').filter({ hasText: 'nigh' }).waitFor();
    await found.click();
    await bob
      .locator('.message.marked article:focus')
      .getByText(SAID)
      .or(bob.locator('.marked .transcript'))
      .waitFor();
    await bob.getByRole('button', { name: 'Clear the search' }).click();
  });

  it('lets a newcomer in, who begins a thread that the others see at once', async () => {
    const { ada } = people();
    const page = await (await newPerson()).newPage();
    await page.goto(street.url);
    await page.getByRole('button', { name: 'I am new here' }).click();
    await page.getByLabel('Name').fill('cleo');
    await page.getByLabel('Password').fill('a long enough secret');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { name: 'Begin a thread' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Title').fill('Sunday walk');
    await page.getByLabel('Who else?').fill('ada');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'Sunday walk' }).waitFor();
    await ada.getByRole('link', { name: /Sunday walk/ }).waitFor();
    await page.getByRole('button', { name: /^Members/ }).click();
    await page.getByLabel('Ask somebody in').fill('nobody-at-all');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByRole('alert').getByText('nobody has this name here').waitFor();
    await page.getByLabel('Ask somebody in').fill('bob');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await people()
      .bob.getByRole('link', { name: /Sunday walk/ })
      .waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('faces');
  });

  it('gives the browser nothing to complain about', () => {
    expect(complaints.flat()).toEqual([]);
  });
});
