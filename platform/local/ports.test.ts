import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/index.js';
import { makePlan } from '../plan/index.js';
import { choosePorts } from './ports.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function planOf(more = '') {
  const { config, findings } = parseConfig(`name: p\nregion: eu-central-1\ndomain: p.example.com\n${more}`);
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return makePlan(config, { target: 'local' });
}

async function occupy(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
}

describe('ports', () => {
  it('are free, different, and out of the range from which outgoing connections take theirs', async () => {
    const ports = Object.values(await choosePorts(planOf(), {}, []));
    expect(ports.length).toBeGreaterThanOrEqual(6);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.every(port => port >= 20_000 && port < 30_000)).toBe(true);
  });

  it('stay the same over restarts', async () => {
    const before = await choosePorts(planOf(), {}, []);
    expect(await choosePorts(planOf(), before, [])).toEqual(before);
  });

  it('move when somebody else took one meanwhile, and stay when it is the platform itself', async () => {
    const before = await choosePorts(planOf(), {}, []);
    const stolen = before['store/https'] ?? 0;
    await occupy(stolen);
    expect((await choosePorts(planOf(), before, []))['store/https']).not.toBe(stolen);
    expect((await choosePorts(planOf(), before, ['store']))['store/https']).toBe(stolen);
  });

  it('are those of the config, or an error that says who may help', async () => {
    const { 'store/https': port = 0 } = await choosePorts(planOf(), {}, []);
    const plan = planOf(`local: { ports: { store: ${port} } }\n`);
    expect((await choosePorts(plan, {}, []))['store/https']).toBe(port);
    await occupy(port);
    await expect(choosePorts(plan, {}, [])).rejects.toMatchObject({
      code: 'PortBusy',
      refused: true,
      saw: `127.0.0.1:${port} is taken`,
    });
  });

  it('are not taken for a transcription API elsewhere', async () => {
    const { config } = parseConfig('name: p\nregion: eu-central-1\ndomain: p.example.com\n');
    if (config === undefined) throw new Error('valid');
    const plan = makePlan(config, { target: 'local', speechUrl: 'https://api.openai.com/v1' });
    expect(await choosePorts(plan, {}, [])).not.toHaveProperty('speech/https');
  });
});
