import { announcement, dismiss, notices } from '../model/notices.js';
import { Icon } from './Icon.js';
import { IconButton } from './IconButton.js';

/** What has just happened, for the eye and for the ear. */
export function Notices() {
  return (
    <>
      <div class="notices" role="status">
        {notices.value.map(({ id, text, grave }) => (
          <p key={id} class={grave ? 'notice grave' : 'notice'}>
            <Icon name={grave ? 'warning' : 'check'} size={18} />
            <span>{text}</span>
            <IconButton icon="close" size={16} label="Dismiss" onClick={() => dismiss(id)} />
          </p>
        ))}
      </div>
      <p class="only-read" aria-live="polite">
        {announcement.value}
      </p>
    </>
  );
}
