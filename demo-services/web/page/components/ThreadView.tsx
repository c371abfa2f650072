import { useSignal } from '@preact/signals';
import type { TargetedDragEvent } from 'preact';
import { complain } from '../model/notices.js';
import { attach } from '../model/pictures.js';
import { Composer } from './Composer.js';
import { Icon } from './Icon.js';
import { ThreadHeader } from './ThreadHeader.js';
import { Timeline } from './Timeline.js';

/** One thread: who is in it, what was said, and what one says next. Pictures may be dropped anywhere on it. */
export function ThreadView({ thread }: { readonly thread: string }) {
  const hovering = useSignal(false);
  const carriesFiles = ({ dataTransfer }: TargetedDragEvent<HTMLElement>) =>
    dataTransfer?.types.includes('Files') ?? false;
  return (
    <section
      class="thread"
      aria-labelledby="thread-title"
      onDragOver={event => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        hovering.value = true;
      }}
      onDragLeave={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) hovering.value = false;
      }}
      onDrop={event => {
        event.preventDefault();
        hovering.value = false;
        attach(thread, event.dataTransfer?.files ?? []).catch(complain);
      }}
    >
      <ThreadHeader thread={thread} />
      <Timeline thread={thread} />
      <Composer thread={thread} />
      {hovering.value && (
        <p class="drop">
          <Icon name="image" size={32} />
          Drop pictures here
        </p>
      )}
    </section>
  );
}
