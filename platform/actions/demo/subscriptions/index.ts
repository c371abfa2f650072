import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectOptions } from '../../../../demo-services/messaging/index.js';
import type { Config } from '../../../config/index.js';
import { PlatformError } from '../../../errors.js';
import { localAdmin } from '../../../local/admin.js';
import { recordedPlan, runningSupervisor, serviceFiles, urlOf } from '../../../local/index.js';
import type { LocalOptions } from '../../local/exclusively.js';
import type { LessonRun } from './events.js';
import { type Facts, factsOf } from './facts.js';
import { lessonPage, lessonSvg } from './plot.js';
import { runLesson } from './run.js';

export interface DemoSubscriptionsOptions extends LocalOptions {
  readonly config: Config;
  /** @default 'auto' */
  readonly transport?: ConnectOptions['transport'];
  /** Folder of the plot and the page; made when it is not there. */
  readonly out: string;
}

export interface Lesson {
  readonly run: LessonRun;
  readonly facts: readonly Facts[];
  /** The plot and the page. */
  readonly files: { readonly svg: string; readonly html: string };
}

/** The lesson on the local broker, which must be running, as its operator. */
export async function demoSubscriptions(options: DemoSubscriptionsOptions): Promise<Lesson> {
  const { config, folder, report, signal, transport = 'auto', out } = options;
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'there is no broker to learn from', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const { trust, certificate, key, token } = serviceFiles(folder, 'operator');
  const connection: ConnectOptions = {
    transport,
    serviceUrl: urlOf(plan, 'broker/pulsar+ssl'),
    webSocketUrl: urlOf(plan, 'broker/wss'),
    credentials: { trustFile: trust, certificateFile: certificate, keyFile: key, tokenFile: token },
  };
  const [tenant = ''] = plan.tenants;
  const admin = await localAdmin(plan, folder);
  try {
    const run = await runLesson({ connection, admin, tenant, report, signal });
    const facts = factsOf(run);
    return { run, facts, files: await write(out, run, facts) };
  } finally {
    await admin.close();
  }
}

async function write(out: string, run: LessonRun, facts: readonly Facts[]): Promise<Lesson['files']> {
  await mkdir(out, { recursive: true });
  const files = { svg: path.join(out, 'subscriptions.svg'), html: path.join(out, 'subscriptions.html') };
  await writeFile(files.svg, await lessonSvg(run));
  await writeFile(files.html, await lessonPage(run, facts));
  return files;
}
