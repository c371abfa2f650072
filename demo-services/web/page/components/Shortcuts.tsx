import { close } from '../model/dialogs.js';
import { KEYS } from '../model/keys.js';
import { shortcuts } from '../model/settings.js';
import { Dialog } from './Dialog.js';

export function Shortcuts() {
  return (
    <Dialog title="Keyboard shortcuts" onClose={close}>
      <dl class="keys">
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>←</kbd>
            <kbd>→</kbd>
          </dt>
          <dd>on a waveform: word by word</dd>
        </div>
      </dl>
      <label class="choice">
        <input
          type="checkbox"
          checked={shortcuts.value}
          onChange={event => {
            shortcuts.value = event.currentTarget.checked;
          }}
        />
        Single letters do something
      </label>
    </Dialog>
  );
}
