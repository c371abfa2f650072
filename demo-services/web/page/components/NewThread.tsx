import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { close } from '../model/dialogs.js';
import { go } from '../model/place.js';
import { createThread } from '../model/threads.js';
import { Dialog } from './Dialog.js';

export function NewThread() {
  const problem = useSignal('');
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const members = String(form.get('members'))
      .split(/[\s,;]+/)
      .filter(Boolean);
    try {
      const { id } = await createThread({ title: String(form.get('title')), members });
      close();
      go({ thread: id });
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <Dialog title="New thread" onClose={close}>
      <form onSubmit={submit}>
        <label>
          Title
          <input
            name="title"
            required
            maxLength={80}
            pattern="[^<>]*"
            title="without < and >"
            autocomplete="off"
          />
        </label>
        <label>
          Who else?
          <input
            name="members"
            autocomplete="off"
            autocapitalize="none"
            placeholder="bob, cleo"
            spellcheck={false}
          />
        </label>
        <p class="hint">Names, with commas between. You can ask more people in later.</p>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <footer>
          <button type="button" class="quiet" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Begin
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
