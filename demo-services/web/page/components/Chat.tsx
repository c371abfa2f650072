import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { open } from '../model/dialogs.js';
import { listenToKeys } from '../model/keys.js';
import { goInstead, here } from '../model/place.js';
import { sawAll, threads, unread } from '../model/threads.js';
import { Connection } from './Connection.js';
import { Members } from './Members.js';
import { NewThread } from './NewThread.js';
import { Shortcuts } from './Shortcuts.js';
import { Sidebar } from './Sidebar.js';
import { ThreadView } from './ThreadView.js';
import { Welcome } from './Welcome.js';

const WIDE = matchMedia('(min-width: 50rem)');

/** Everything behind the door: the threads beside the open one; on a phone one of both. */
export function Chat() {
  useEffect(listenToKeys, []);
  useEffect(() => {
    const back = () => here.value && sawAll(here.value);
    addEventListener('focus', back);
    return () => removeEventListener('focus', back);
  }, []);
  useSignalEffect(() => {
    const count = unread.value.size;
    const title = threads.value?.find(({ id }) => id === here.value)?.title;
    document.title = `${count > 0 ? `(${count}) ` : ''}${title ? `${title} · ` : ''}Voice chat`;
  });
  useSignalEffect(() => {
    const newest = threads.value?.[0];
    if (here.value === undefined && newest && WIDE.matches) goInstead({ thread: newest.id });
  });
  useSignalEffect(() => {
    if (threads.value && here.value && document.hasFocus()) sawAll(here.value);
  });
  const thread = here.value;
  return (
    <main class={thread ? 'chat reading' : 'chat'}>
      <Sidebar />
      <div class="open">
        <Connection />
        {thread ? <ThreadView key={thread} thread={thread} /> : <Welcome />}
      </div>
      {open.value === 'new-thread' && <NewThread />}
      {open.value === 'members' && thread && <Members thread={thread} />}
      {open.value === 'shortcuts' && <Shortcuts />}
    </main>
  );
}
