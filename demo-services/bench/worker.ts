// The process of one subject. Its parent tells it which it is (argv), then phase after phase (IPC).
import process from 'node:process';
import { connectOptions, messagingEnv } from '../messaging/index.js';
import { loadAddon } from '../messaging/native/addon.js';
import { measure, type PhaseProps } from './measure.js';
import type { Connection, Subject } from './subject.js';
import { adapterSubject } from './subjects/adapter.js';
import { naiveSubject } from './subjects/naive.js';
import { plainSubject } from './subjects/plain.js';
import type { SubjectName, WorkerWord } from './words.js';

async function subjectNamed(name: SubjectName, connection: Connection): Promise<Subject | string> {
  if (name === 'naive wss') return naiveSubject(connection);
  if (name === 'websocket') return adapterSubject('websocket', connection);
  const addon = await loadAddon();
  if (typeof addon === 'string') return addon;
  return name === 'native' ? adapterSubject('native', connection) : plainSubject(addon, connection);
}

const tell = (word: WorkerWord) => process.send?.(word);
const subject = await subjectNamed(
  process.argv[2] as SubjectName,
  connectOptions(messagingEnv.parse(process.env)) as Connection,
);
if (typeof subject === 'string') {
  tell({ skipped: subject });
  process.disconnect();
} else {
  process.on('message', (props: PhaseProps | 'end') => {
    if (props === 'end') {
      // The addon's token supplier would keep the process alive.
      void subject.close().finally(() => process.exit());
    } else {
      measure(subject, props).then(
        phase => tell({ phase }),
        error => tell({ failed: error instanceof Error ? error.message : String(error) }),
      );
    }
  });
  tell({ ready: true });
}
