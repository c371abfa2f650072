import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../testing/voice.js';
import { drawPictures } from '../../traffic/picture.js';
import { routes } from '../api/index.js';
import { browserProgram, enter, openBrowser, type TestBrowser, withoutBrowser } from '../testing/browser.js';
import { type Person, personOf } from '../testing/person.js';
import { openStreet, type Street, spoken } from '../testing/street.js';

const BUILT = fileURLToPath(new URL('../../../dist/demo-services/web/page/', import.meta.url));
const MAX_SCRIPT_BYTES = 60 * 1024;
const MAX_FIRST_VIEW_MS = 1_000;
/** `SCREENSHOTS=docs/images` writes the pictures of the docs there; else they are thrown away. */
const SCREENSHOTS = process.env['SCREENSHOTS'];

const SIZES = { desktop: { width: 1_280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const VIEWS = Object.keys(SIZES).flatMap(size =>
  (['light', 'dark'] as const).map(scheme => ({ size: size as keyof typeof SIZES, scheme })),
);

describe('what the build makes', () => {
  it(`is a script of ${MAX_SCRIPT_BYTES} bytes at most, packed`, async () => {
    const scripts = (await readdir(BUILT, { recursive: true })).filter(file => file.endsWith('.js'));
    const sizes = await Promise.all(
      scripts.map(async file => gzipSync(await readFile(path.join(BUILT, file)), { level: 9 }).length),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });
});

describe.skipIf(browserProgram === undefined)(`how the page looks in Chromium${withoutBrowser}`, () => {
  let street: Street;
  let machine: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    street = await openStreet({
      users: ['ada', 'bob', 'cleo'],
      threads: [
        { id: 'lunch', title: 'Lunch at noon', members: ['ada', 'cleo'] },
        { id: 'band', title: 'The band', members: ['ada', 'bob'] },
        { id: 'weekend', title: 'Weekend in the hills', members: ['ada', 'bob', 'cleo'] },
      ],
    });
    machine = await openBrowser();
    await talk(street);
    const context = await machine.browser.newContext({
      viewport: SIZES.desktop,
      deviceScaleFactor: 2,
      locale: 'en-GB',
      timezoneId: 'UTC',
      // Colours are judged as they are, not while they come.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
  });
  afterAll(async () => {
    await machine?.close();
    await street?.close();
  });

  const check = async (what: string) => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`);
    expect(told, what).toEqual([]);
  };
  const shoot = async (name: string) => {
    if (SCREENSHOTS === undefined) return;
    const picture = sharp(await page.screenshot({ animations: 'disabled' }));
    await picture.webp({ quality: 88, effort: 6 }).toFile(path.join(SCREENSHOTS, `voice-chat-${name}.webp`));
  };
  const loaded = async () => {
    await page.locator('.transcript').nth(3).waitFor();
    await page.locator('.picture img.loaded').first().waitFor();
  };

  it('is there soon', async ({ annotate }) => {
    await page.goto(street.url);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    const paint = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0';
    const door = await page.evaluate<number>(paint);
    await enter(page, street.url, 'ada', '#/t/weekend');
    const views: number[] = [];
    for (let i = 0; i < 3; i++) {
      await page.reload();
      await loaded();
      views.push(await page.evaluate<number>(paint));
    }
    // The best of three: a neighbour may take the machine for a moment.
    const chat = Math.min(...views);
    await annotate(`first contentful paint: door ${door.toFixed(0)} ms, chat ${chat.toFixed(0)} ms`);
    expect(Math.min(door, chat)).toBeGreaterThan(0);
    expect(chat).toBeLessThanOrEqual(MAX_FIRST_VIEW_MS);
    // From here on the browser's own clocks stand still, and with them what the pictures show.
    await page.clock.setFixedTime(at(30));
  });

  it.each(VIEWS)('has nothing that axe finds: $size, $scheme', async ({ size, scheme }) => {
    await page.setViewportSize(SIZES[size]);
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${street.url}/#/t/weekend`);
    await loaded();
    await check('thread');
    await page.evaluate('document.querySelector(".timeline").scrollTop = 1_000_000');
    await shoot(`${size}-${scheme}`);
    if (size === 'phone') {
      await page.getByRole('button', { name: 'Back to the threads' }).click();
      await page.getByRole('link', { name: /The band/ }).waitFor();
      await check('threads');
    }
    await page.getByLabel('Search what was said').fill('the');
    await page.getByRole('navigation', { name: 'Found' }).waitFor();
    await check('search');
    await page.getByLabel('Search what was said').fill('');
    await page.goto(`${street.url}/#/t/weekend`);
    await page.getByRole('button', { name: /^Members/ }).click();
    await page.getByRole('dialog').waitFor();
    await check('members');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check('shortcuts');
    await page.keyboard.press('Escape');
    await page.locator('button.picture').first().click();
    await page.getByRole('dialog').waitFor();
    await check('picture');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await page.getByRole('timer').waitFor();
    await check('recording');
    await page.getByRole('button', { name: 'Discard the recording' }).click();
    await page.getByRole('timer').waitFor({ state: 'detached' });
  });

  it('wears the colours that its reader chose, whatever the system wants', async () => {
    await page.setViewportSize(SIZES.desktop);
    await page.emulateMedia({ colorScheme: 'dark' });
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    await page.getByRole('button', { name: /^Colours: as the system/ }).click();
    expect(await ground()).not.toBe(dark);
    await page.reload();
    await page.getByRole('button', { name: /^Colours: light/ }).waitFor();
    expect(await ground()).not.toBe(dark);
    await page.getByRole('button', { name: /^Colours: light/ }).click();
    await page.getByRole('button', { name: /^Colours: dark/ }).click();
    expect(await ground()).toBe(dark);
  });

  it('stays where its reader is while earlier messages come', async () => {
    const bob = personOf(street.url, 'bob');
    await bob.signIn();
    const [words, kind] = [await spoken('good morning everyone'), 'audio'] as const;
    for (let i = 0; i < 45; i++) await say(bob, 'band', words, kind, 40 + i);
    await page.goto(`${street.url}/#/t/band`);
    await page.locator('.message').nth(10).waitFor();
    const first = await page.getByRole('article').first().getAttribute('data-message');
    const top = () =>
      page.evaluate<number>(
        `document.querySelector('[data-message="${first}"]').getBoundingClientRect().top`,
      );
    await page.evaluate('document.querySelector(".timeline").scrollTop = 0');
    await eventually(async () => expect(await page.getByRole('article').count()).toBeGreaterThan(45));
    expect(await top()).toBeGreaterThanOrEqual(0);
    await page.getByRole('button', { name: /o the newest/ }).click();
    await page.getByRole('button', { name: /o the newest/ }).waitFor({ state: 'detached' });
  });

  it('is shown before one is in', async () => {
    await page.context().clearCookies();
    for (const { size, scheme } of VIEWS) {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(street.url);
      await page.reload();
      await page
        .getByRole('button', { name: 'I am new here' })
        .or(page.getByRole('button', { name: 'Sign in' }))
        .waitFor();
      await check(`door, ${size}, ${scheme}`);
    }
  });

  it('says at the door why a sign-in elsewhere failed, until it is loaded again', async () => {
    for (const [code, words] of [
      ['OidcRefused', /refused, or took too long/],
      ['<b>anything</b>', /did not succeed/],
    ] as const) {
      await page.goto(`${street.url}${routes.refused(code)}#/t/weekend`);
      await page.getByRole('alert').getByText(words).waitFor();
      await check(`refused: ${code}`);
      expect(page.url()).toBe(`${street.url}/#/t/weekend`);
      await page.reload();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
  });
});

/** A minute of a morning that is always the same. */
function at(minute: number): Date {
  return new Date(Date.UTC(2026, 4, 16, 9, minute));
}

async function say(person: Person, thread: string, bytes: Buffer, kind: 'audio' | 'image', minute: number) {
  const createdAt = at(minute).toISOString();
  const { status } = await person.send(thread, await person.upload(thread, bytes, kind), undefined, {
    createdAt,
  });
  expect(status).toBe(202);
}

/** What the pictures of the docs show. */
async function talk({ url }: Street): Promise<void> {
  const [ada, bob, cleo] = ['ada', 'bob', 'cleo'].map(name => personOf(url, name)) as [
    Person,
    Person,
    Person,
  ];
  for (const person of [ada, bob, cleo]) expect((await person.signIn()).status).toBe(200);
  const [picture = Buffer.alloc(0)] = (await drawPictures([0], 7)).values();
  await say(cleo, 'lunch', await spoken('we are going to have lunch at noon'), 'audio', 1);
  await say(bob, 'band', await spoken('we should practice the new song'), 'audio', 3);
  await say(cleo, 'weekend', picture, 'image', 10);
  await say(cleo, 'weekend', await spoken('the weather is going to be good on sunday'), 'audio', 11);
  await say(ada, 'weekend', await spoken('then let us take the early train to the hills'), 'audio', 14);
  await say(bob, 'weekend', await spoken('good morning everyone i will bring the bread'), 'audio', 22);
  await say(ada, 'weekend', await spoken('please turn off the lights when you leave'), 'audio', 24);
  await eventually(async () => {
    const { body } = await ada.ask('GET', '/api/threads/weekend/messages');
    expect(body.entries.filter((one: { transcript?: object }) => one.transcript)).toHaveLength(4);
    expect(body.entries.filter((one: { picture?: object }) => one.picture)).toHaveLength(1);
  });
}
