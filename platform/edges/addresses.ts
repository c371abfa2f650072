import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

const ANSWER_MS = 3_000;

/** Whether a name leads anywhere from this machine. */
export function resolves(name: string): Promise<boolean> {
  return lookup(name).then(
    () => true,
    () => false,
  );
}

/** Whether somebody takes a TCP connection there, within 3 s. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false)).once('error', () => end(false));
  });
}
