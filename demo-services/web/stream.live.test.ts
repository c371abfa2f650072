import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startSpeech } from '../testing/process.js';
import { eventually, recording, sha256 } from '../testing/voice.js';
import type { StreamDown } from './api/index.js';
import { type House, openHouse } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';

describe('somebody who speaks', () => {
  let house: House;
  let speech: Awaited<ReturnType<typeof startSpeech>>;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    speech = await startSpeech();
    house = await openHouse({
      users: ['ada', 'bob'],
      threads: [{ id: 'friends', members: ['ada', 'bob'] }],
      env: {
        OPENAI_BASE_URL: `${speech.url}/v1`,
        OPENAI_API_KEY_FILE: speech.keyFile,
        OPENAI_TRUST_FILE: inject('platform').trust,
      },
    });
    await speech.ready();
    [ada, bob] = [personOf(house.url, 'ada'), personOf(house.url, 'bob')];
    await ada.signIn();
    await bob.signIn();
  });
  afterAll(async () => {
    await house?.close();
    await speech?.stop();
  });

  const of = <Type extends StreamDown['type']>(answers: StreamDown[], type: Type) =>
    answers.filter((one): one is Extract<StreamDown, { type: Type }> => one.type === type);

  it.each([
    ['browser.webm', 'audio/webm;codecs=opus'],
    ['fragments.mp4', 'audio/mp4'],
    ['opus.ogg', 'audio/ogg'],
  ])('sees captions of %s, and the recording goes the way of every message', async (file, contentType) => {
    const bytes = await recording(file);
    const { socket, answers, opened, ended } = ada.speak('friends');
    expect(await opened).toBe(101);
    socket.send(JSON.stringify({ type: 'begin', contentType }));
    const size = Math.ceil(bytes.byteLength / 8);
    for (let at = 0; at < bytes.byteLength; at += size) {
      socket.send(bytes.subarray(at, at + size));
      await sleep(250);
    }
    await eventually(() => expect(of(answers, 'partial').at(-1)?.text).toMatch(/good|morning/));
    socket.send(JSON.stringify({ type: 'end' }));
    await ended;
    expect(of(answers, 'taken').at(-1)?.bytes).toBe(bytes.byteLength);
    expect(of(answers, 'final')).toMatchObject([{ text: 'good morning everyone' }]);
    const [stored] = of(answers, 'stored');
    expect(stored).toMatchObject({ size: bytes.byteLength, sha256: sha256(bytes) });

    const listening = await bob.listen();
    const { status, body } = await ada.send('friends', stored?.upload ?? '');
    expect(status).toBe(202);
    await eventually(() =>
      expect(listening.entries.at(-1)).toMatchObject({
        id: body.id,
        media: { contentType, size: bytes.byteLength },
      }),
    );
    listening.close();
  });

  it('keeps what was recorded when the connection breaks, and may speak again at once', async () => {
    const bytes = await recording();
    for (let i = 0; i < 5; i++) {
      const { socket, opened, ended } = ada.speak('friends');
      expect(await opened).toBe(101);
      socket.send(JSON.stringify({ type: 'begin', contentType: 'audio/webm' }));
      socket.send(bytes.subarray(0, 2_000));
      socket.terminate();
      await ended;
      await eventually(async () => expect((await house.web().get('/health')).status).toBe(200));
    }
    const { status } = await ada.send('friends', await ada.upload('friends', bytes));
    expect(status).toBe(202);
  });

  it('does so twice at a time, not three times', async () => {
    const speaking = [ada.speak('friends'), ada.speak('friends')];
    for (const { opened } of speaking) expect(await opened).toBe(101);
    expect(await ada.speak('friends').opened).toBe(429);
    expect(await bob.speak('friends').opened).toBe(101);
    for (const { socket } of speaking) socket.terminate();
  });
});
