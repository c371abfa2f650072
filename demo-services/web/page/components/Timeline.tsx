import { Fragment } from 'preact';
import { complain } from '../model/notices.js';
import { outbox } from '../model/outbox.js';
import { place } from '../model/place.js';
import { loadMore, loadNewest, timelines } from '../model/timelines.js';
import { me } from '../net/session.js';
import { emptyTimeline, shown } from '../state/timeline.js';
import { dayOf } from '../state/wording.js';
import { IconButton } from './IconButton.js';
import { Message } from './Message.js';
import { OutgoingMessage } from './OutgoingMessage.js';
import { useScroll } from './use-scroll.js';

/** Of the same person within so long: one belongs to the other, ms. */
const TOGETHER_MS = 5 * 60_000;

/** What was said, oldest first; more comes when one scrolls to an end. */
export function Timeline({ thread }: { readonly thread: string }) {
  const held = timelines.value[thread];
  const timeline = held ?? emptyTimeline;
  const leaving = outbox.value.filter(one => one.thread === thread);
  const replaced = new Set(leaving.map(({ replaces }) => replaces));
  const entries = shown(timeline).filter(({ id }) => !replaced.has(id));
  const marked = place.value.message;
  const scroll = useScroll({
    first: entries[0]?.id,
    last: leaving.at(-1)?.key ?? entries.at(-1)?.id,
    marked: held && marked,
    onTop: () => loadMore(thread, 'before').catch(complain),
    onBottom: () => loadMore(thread, 'after').catch(complain),
  });
  const toNewest = async () => {
    if (timeline.hasAfter) await loadNewest(thread).catch(complain);
    scroll.toBottom();
  };
  const now = new Date();
  return (
    <div class="timeline-frame">
      <div class="timeline" ref={scroll.scroller}>
        <div class="messages" ref={scroll.content}>
          {timeline.hasBefore && (
            <button
              type="button"
              class="link more"
              ref={scroll.top}
              onClick={() => loadMore(thread, 'before')}
            >
              Earlier messages
            </button>
          )}
          {held && entries.length + leaving.length === 0 && (
            <p class="nothing muted">Nothing was said here yet. Say something!</p>
          )}
          {!held && <p class="nothing muted">One moment…</p>}
          <ol aria-label="Messages">
            {entries.map((entry, i) => {
              const before = entries[i - 1];
              const day = dayOf(entry.createdAt, now);
              const isNewDay = before === undefined || dayOf(before.createdAt, now) !== day;
              const together = !isNewDay && before.author === entry.author && isSoon(before, entry);
              return (
                <Fragment key={entry.id}>
                  {isNewDay && (
                    <li class="day">
                      <span>{day}</span>
                    </li>
                  )}
                  <Message
                    entry={entry}
                    own={entry.author === me.value}
                    together={together}
                    marked={entry.id === marked}
                    isLast={i === entries.length - 1}
                  />
                </Fragment>
              );
            })}
            {!timeline.hasAfter && leaving.map(one => <OutgoingMessage key={one.key} outgoing={one} />)}
          </ol>
          {timeline.hasAfter && (
            <button
              type="button"
              class="link more"
              ref={scroll.bottom}
              onClick={() => loadMore(thread, 'after')}
            >
              Later messages
            </button>
          )}
        </div>
      </div>
      {(scroll.away.value || timeline.hasAfter) && (
        <IconButton
          icon="down"
          class={scroll.isNew.value ? 'to-newest new' : 'to-newest'}
          label={scroll.isNew.value ? 'New messages: to the newest' : 'To the newest message'}
          onClick={toNewest}
        />
      )}
    </div>
  );
}

function isSoon(a: { readonly createdAt: string }, b: { readonly createdAt: string }): boolean {
  return new Date(b.createdAt).getTime() - new Date(a.createdAt).getTime() < TOGETHER_MS;
}
