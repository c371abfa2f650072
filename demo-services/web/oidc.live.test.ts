import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchDispatcher } from '../runtime/trust.js';
import { strangersRoot } from '../testing/parts.js';
import type { WebEnv } from './env.js';
import { oidcOf } from './oidc.js';
import { type House, openHouse } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';
import { startProvider, type TestProvider } from './testing/provider.js';

describe('signing in by an OpenID provider', () => {
  let provider: TestProvider;
  let issuer: string;
  let trust: string;
  let house: House;
  beforeAll(async () => {
    provider = await startProvider();
    ({ issuer, trust } = provider);
    house = await openHouse({
      users: ['ada'],
      threads: [{ id: 'adas', members: ['ada'] }],
      env: provider.env,
    });
    provider.open(house.url);
  });
  afterAll(async () => {
    await house?.close();
    provider?.close();
  });

  type Cookies = Map<string, string>;
  /** What one types into a page of the provider. */
  type Form = (page: string) => URLSearchParams;
  const fillIn =
    (login: string): Form =>
    page =>
      page.includes('value="login"')
        ? new URLSearchParams({ prompt: 'login', login, password: 'any' })
        : new URLSearchParams({ prompt: 'consent' });

  /** From our door to the provider's form, through it, and to where the provider sends the browser. */
  async function leave(person: Person, login: string, cookies: Cookies = new Map()): Promise<string> {
    const left = await person.ask('GET', '/api/session/oidc');
    expect(left.status).toBe(302);
    return wander(left.headers.get('location') ?? '', cookies, fillIn(login));
  }

  /** Through the pages of the provider, until it sends the browser back to us. */
  async function wander(from: string, cookies: Cookies, fill: Form): Promise<string> {
    const dispatcher = fetchDispatcher(trust);
    let at = from;
    let form: string | undefined;
    for (let hops = 0; hops < 20; hops++) {
      const response = await fetch(at, {
        ...{ dispatcher, redirect: 'manual' },
        headers: {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form && { method: 'POST', body: form }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      form = undefined;
      const location = response.headers.get('location');
      if (location !== null) {
        at = new URL(location, at).href;
        if (at.startsWith(house.url)) return at.slice(house.url.length);
        continue;
      }
      const page = await response.text();
      expect(response.status, page).toBe(200);
      at = /action="([^"]+)"/.exec(page)?.[1] ?? at;
      form = fill(page).toString();
    }
    throw new Error('the provider sends in circles');
  }
  const arrive = async (login: string) => {
    const person = personOf(house.url, '');
    const back = await leave(person, login);
    const answer = await person.ask('GET', back);
    return { person, back, answer };
  };
  const who = async (person: Person) => (await person.ask('GET', '/api/session')).body.user;
  const refused = { status: 401, body: { code: 'OidcRefused' } };

  it('is the only way in, and says so', async () => {
    const nobody = personOf(house.url, 'ada');
    const { body } = await nobody.ask('GET', '/api/session/ways');
    expect(body).toEqual({ password: false, register: false, oidc: { label: 'Test provider' } });
    expect(await nobody.signIn()).toMatchObject({ status: 401, body: { code: 'SignInRefused' } });
  });

  it('leads back into the page, signed in, and to the same person each time', async () => {
    const { person, answer } = await arrive('7.grace');
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/');
    expect(await who(person)).toBe('grace');
    expect(person.cookies.has('__Host-oidc')).toBe(false);
    expect(await who((await arrive('7.grace')).person)).toBe('grace');
    expect((await person.ask('POST', '/api/session/refresh')).status).toBe(200);
  });

  it('never makes anybody somebody else, whatever name they choose', async () => {
    const { person } = await arrive('8.ada');
    expect(await who(person)).toBe('ada-2');
    expect((await person.ask('GET', '/api/threads')).body.threads).toEqual([]);
    expect(await who((await arrive('9.ada')).person)).toBe('ada-3');
    expect(await who((await arrive('10.<script>@x')).person)).toBe('script-');
  });

  it('is refused where it was not begun, with another state, a second time, or after a refusal', async () => {
    const { back, person } = await arrive('11.eve');
    expect(await person.ask('GET', back)).toMatchObject(refused);
    const stranger = personOf(house.url, '');
    expect(await stranger.ask('GET', await leave(personOf(house.url, ''), '11.eve'))).toMatchObject(refused);
    await leave(stranger, '11.eve');
    // The code of one browser in another, which has begun a sign-in of its own.
    const victims = await leave(personOf(house.url, ''), '12.mallory');
    expect(await stranger.ask('GET', victims)).toMatchObject(refused);
    await leave(stranger, '11.eve');
    expect(await stranger.ask('GET', '/api/session/oidc/callback?error=access_denied')).toMatchObject(
      refused,
    );
    expect((await stranger.ask('GET', '/api/session')).status).toBe(401);
  });

  it('that fails leads a browser back to the door, which is told the code', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const stranger = personOf(house.url, '');
    await leave(stranger, '13.frank');
    const { status, headers } = await stranger.ask(
      'GET',
      '/api/session/oidc/callback?error=access_denied&error_description=no',
      undefined,
      browser,
    );
    expect(status).toBe(302);
    expect(headers.get('location')).toBe('/?refused=OidcRefused');
    expect(stranger.cookies.has('__Host-oidc')).toBe(false);
    expect((await stranger.ask('GET', '/api/session')).status).toBe(401);
  });

  it('ends at the provider too when one signs out', async () => {
    const cookies: Cookies = new Map();
    const person = personOf(house.url, '');
    await person.ask('GET', await leave(person, '14.heidi', cookies));
    expect(await who(person)).toBe('heidi');
    const { status, body } = await person.ask('DELETE', '/api/session');
    expect(status).toBe(200);
    expect(person.cookies.size).toBe(0);
    expect((await person.ask('GET', '/api/session')).status).toBe(401);
    const forms: string[] = [];
    const back = await wander(body.provider, cookies, page => {
      forms.push(page);
      return new URLSearchParams({
        logout: 'yes',
        xsrf: /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '',
      });
    });
    expect(back).toBe('/');
    expect(forms).toHaveLength(1);
    // Another one may come in from the same browser: the provider has forgotten the first.
    await person.ask('GET', await leave(person, '15.ivan', cookies));
    expect(await who(person)).toBe('ivan');
  });

  it('ends here when it ends at the provider: tokens, live pages and recordings under way', async () => {
    const cookies: Cookies = new Map();
    const [person, elsewhere] = [personOf(house.url, ''), personOf(house.url, '')];
    await person.ask('GET', await leave(person, '16.judy', cookies));
    await elsewhere.ask('GET', await leave(elsewhere, '16.judy'));
    const { body: own } = await person.ask('POST', '/api/threads', { title: 'Own' });
    const [listening, kept] = [await person.listen(), await elsewhere.listen()];
    const speaking = person.speak(own.id);
    expect(await speaking.opened).toBe(101);
    speaking.socket.send(JSON.stringify({ type: 'begin', contentType: 'audio/webm;codecs=opus' }));
    speaking.socket.send(Buffer.alloc(10));
    await wander(`${issuer}/session/end`, cookies, page => {
      expect(page).toContain('op.logoutForm');
      return new URLSearchParams({
        logout: 'yes',
        xsrf: /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '',
      });
    }).catch(() => undefined);
    await Promise.all([listening.ended, speaking.ended]);
    expect(speaking.answers.at(-1)).toMatchObject({ type: 'failed', code: 'NotSignedIn' });
    expect((await person.ask('GET', '/api/session')).status).toBe(401);
    expect((await person.ask('POST', '/api/session/refresh')).status).toBe(401);
    // The same person in another browser goes on.
    expect(await who(elsewhere)).toBe('judy');
    kept.close();
  });

  it('is not ended by anything but a logout token of the provider', async () => {
    const { person } = await arrive('17.kim');
    const idToken = person.cookies.get('__Secure-id-token') ?? '';
    const stranger = personOf(house.url, '');
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: issuer };
    for (const token of [idToken, idToken.replace(/[^.]*$/, ''), 'x', '']) {
      const { status, body } = await stranger.ask(
        'POST',
        '/api/session/oidc/ended',
        new URLSearchParams({ logout_token: token }).toString(),
        form,
      );
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'OidcRefused' });
    }
    const none = await stranger.ask('POST', '/api/session/oidc/ended', '', form);
    expect(none).toMatchObject({ status: 400, body: { code: 'RequestInvalid' } });
    // A form is read there, and nowhere else.
    expect((await stranger.ask('POST', '/api/session', 'name=ada', form)).status).toBe(403);
    expect((await person.ask('POST', '/api/threads', 'title=x', { ...form, origin: house.url })).status).toBe(
      415,
    );
    expect(await who(person)).toBe('kim');
  });

  it('dials nobody but the provider whose root it trusts', async () => {
    const env = {
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'voice-chat', OIDC_LABEL: '', PUBLIC_URL: house.url },
      OIDC_TRUST_FILE: await strangersRoot(),
    } as WebEnv;
    await expect(oidcOf(env)?.leave()).rejects.toMatchObject({ code: 'OidcUnavailable' });
  });
});
