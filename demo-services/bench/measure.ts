import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from './figures.js';
import type { Sender, Subject, Use } from './subject.js';

export interface PhaseProps {
  readonly phase: 'produce' | 'endToEnd' | 'latency';
  readonly topic: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly use: Use;
  /** Messages that may be sent and not yet received, `endToEnd`. */
  readonly inFlight: number;
  /** Messages a second, `latency`. */
  readonly rate: number;
}

/** What is not counted at the beginning of a phase. */
const WARM_UP_MS = 700;
/** How long the last messages may take. */
const DRAIN_MS = 10_000;

/** Runs one phase on connections of its own. */
export async function measure(subject: Subject, props: PhaseProps): Promise<Phase> {
  if (props.phase === 'produce') return produce(subject, props);
  if (props.phase === 'endToEnd') return endToEnd(subject, props);
  return latency(subject, props);
}

async function produce(subject: Subject, { topic, use, bytes, seconds }: PhaseProps): Promise<Phase> {
  const sender = await subject.sender(topic, use);
  const pump = makePump(sender, Buffer.alloc(bytes, 'x'), () => pump.unacknowledged < use.pending);
  pump.go();
  await sleep(WARM_UP_MS);
  const phase = await rateOf(() => pump.acknowledged, seconds);
  await pump.stop();
  await sender.close();
  return phase;
}

async function endToEnd(subject: Subject, props: PhaseProps): Promise<Phase> {
  const { topic, use, bytes, seconds, inFlight } = props;
  let received = 0;
  const receiver = await subject.receiver(topic, use, () => {
    received++;
    pump.go();
  });
  const sender = await subject.sender(topic, use);
  const pump = makePump(
    sender,
    Buffer.alloc(bytes, 'x'),
    () => pump.unacknowledged < use.pending && pump.sent - received < inFlight,
  );
  pump.go();
  await sleep(WARM_UP_MS);
  const phase = await rateOf(() => received, seconds);
  await pump.stop();
  await until(() => received >= pump.sent);
  await sender.close();
  await receiver.close();
  return phase;
}

/** Sends by the clock, whatever becomes of it, so that a stall is felt by all that was due in it. */
async function latency(subject: Subject, { topic, use, bytes, seconds, rate }: PhaseProps): Promise<Phase> {
  const latencies: number[] = [];
  const warm = Math.round((rate * WARM_UP_MS) / 1_000);
  const total = warm + Math.round(rate * seconds);
  let sent = 0;
  let received = 0;
  const receiver = await subject.receiver(topic, use, data => {
    if (received++ >= warm) latencies.push(performance.now() - data.readDoubleLE(0));
  });
  const sender = await subject.sender(topic, use);
  const began = performance.now();
  while (sent < total) {
    for (const now = performance.now(); sent < total && began + (sent * 1_000) / rate <= now; sent++) {
      const data = Buffer.alloc(bytes, 'x');
      data.writeDoubleLE(began + (sent * 1_000) / rate);
      void sender.send(data);
    }
    await sleep(1);
  }
  await until(() => received >= total);
  await sender.close();
  await receiver.close();
  return { rate: (sent / (performance.now() - began)) * 1_000, latencies };
}

/** Sends as long as it may, and again whenever it may again. */
function makePump(sender: Sender, data: Buffer, may: () => boolean) {
  const pump = { sent: 0, acknowledged: 0, unacknowledged: 0, go, stop };
  let stopped = false;
  let failure: unknown;
  const stored = () => {
    pump.acknowledged++;
    pump.unacknowledged--;
    go();
  };
  const failed = (error: unknown) => {
    failure ??= error;
    stopped = true;
    pump.unacknowledged--;
  };
  function go(): void {
    while (!stopped && may()) {
      pump.sent++;
      pump.unacknowledged++;
      sender.send(data).then(stored, failed);
    }
  }
  /** @throws what a send failed with */
  async function stop(): Promise<void> {
    stopped = true;
    await until(() => pump.unacknowledged === 0);
    if (failure !== undefined) throw failure;
  }
  return pump;
}

/** How fast something counts, and what each costs this process. */
async function rateOf(count: () => number, seconds: number): Promise<Phase> {
  const [before, began, cpuBefore] = [count(), performance.now(), process.cpuUsage()];
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(cpuBefore);
  const counted = count() - before;
  return { rate: (counted * 1_000) / (performance.now() - began), cpuUs: (user + system) / counted };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + DRAIN_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('messages are missing');
    await sleep(5);
  }
}
