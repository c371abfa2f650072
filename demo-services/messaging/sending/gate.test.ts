import { describe, expect, it } from 'vitest';
import { makeGate } from './gate.js';

/** The names of those that are let in, in order. */
function enter(gate: ReturnType<typeof makeGate>, sizes: Readonly<Record<string, number>>): string[] {
  const inside: string[] = [];
  for (const [name, bytes] of Object.entries(sizes)) {
    const room = gate.enter(bytes);
    if (room === undefined) inside.push(name);
    else void room.then(() => inside.push(name));
  }
  return inside;
}

const settle = () => new Promise(resolve => setImmediate(resolve));

describe('the gate', () => {
  it('lets in as many as there is room for, the others in order as room is made', async () => {
    const gate = makeGate(2, 1000);
    const inside = enter(gate, { a: 1, b: 1, c: 1, d: 1 });
    expect(inside).toEqual(['a', 'b']);
    gate.leave(1);
    await settle();
    expect(inside).toEqual(['a', 'b', 'c']);
  });

  it('bounds the bytes, and lets nobody past a large one that waits', async () => {
    const gate = makeGate(10, 100);
    const inside = enter(gate, { a: 60, large: 60, small: 1 });
    expect(inside).toEqual(['a']);
    gate.leave(60);
    await settle();
    expect(inside).toEqual(['a', 'large', 'small']);
  });

  it('lets in alone what is larger than the bound', () => {
    expect(enter(makeGate(10, 100), { huge: 500 })).toEqual(['huge']);
  });
});
