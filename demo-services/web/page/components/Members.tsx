import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { close } from '../model/dialogs.js';
import { complain, notify } from '../model/notices.js';
import { details, invite, online, removeMember } from '../model/threads.js';
import { me } from '../net/session.js';
import { Avatar } from './Avatar.js';
import { Dialog } from './Dialog.js';

/** Who belongs to a thread; asking somebody in; leaving it. */
export function Members({ thread }: { readonly thread: string }) {
  const problem = useSignal('');
  const members = details.value[thread]?.members ?? [];
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    try {
      await invite(thread, name);
      problem.value = '';
      form.reset();
      notify(`${name} is in.`);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  const leave = async () => {
    await removeMember(thread, me.value ?? '');
    close();
  };
  return (
    <Dialog title="Members" onClose={close}>
      <ul class="members">
        {members.map(({ name }) => (
          <li key={name}>
            <Avatar name={name} online={online.value[name]} />
            <span class="name">
              {name}
              {name === me.value && <span class="muted"> (you)</span>}
            </span>
            <span class="muted">{online.value[name] ? 'here' : 'away'}</span>
          </li>
        ))}
      </ul>
      <form class="inline" onSubmit={submit}>
        <label>
          Ask somebody in
          <input
            name="name"
            required
            maxLength={64}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
          />
        </label>
        <button type="submit" class="primary">
          Invite
        </button>
      </form>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <button type="button" class="link danger" onClick={() => void leave().catch(complain)}>
        Leave this thread
      </button>
    </Dialog>
  );
}
