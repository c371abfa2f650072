import { open } from '../model/dialogs.js';
import { threads } from '../model/threads.js';
import { Icon } from './Icon.js';

export function Welcome() {
  const none = threads.value?.length === 0;
  return (
    <div class="welcome">
      <span class="mark" aria-hidden="true">
        <Icon name="mic" size={32} />
      </span>
      <h2>{none ? 'Begin a thread' : 'Choose a thread'}</h2>
      <p class="muted">{none ? 'Nobody has asked you into one yet.' : 'Or begin a new one.'}</p>
      <button
        type="button"
        class="primary"
        onClick={() => {
          open.value = 'new-thread';
        }}
      >
        New thread
      </button>
    </div>
  );
}
