import { useEffect, useRef } from 'preact/hooks';
import { recordOrSend } from '../model/keys.js';
import { announce, complain } from '../model/notices.js';
import { cancelRecording, LIMIT_SECONDS, type Recording, stopRecording } from '../model/recorder.js';
import { pathOf } from '../state/peaks.js';
import { lasting } from '../state/wording.js';
import { IconButton } from './IconButton.js';

/** More than a wide bar shows: the earliest run out of it on the left. */
const BARS = 240;
/** Before the end it is said that it comes, seconds. */
const WARN_SECONDS = 30;

/** While one speaks: how loud, how long, and how to end it. */
export function RecordingBar({ now: { seconds, levels } }: { readonly now: Recording }) {
  const bar = useRef<HTMLFieldSetElement>(null);
  const left = LIMIT_SECONDS - seconds;
  const isLate = left <= WARN_SECONDS;
  useEffect(() => bar.current?.querySelector<HTMLElement>('.send')?.focus(), []);
  useEffect(() => {
    if (isLate) announce(`${WARN_SECONDS} seconds are left.`);
  }, [isLate]);
  const recent = levels.slice(-BARS);
  const padded = [...Array.from({ length: BARS - recent.length }, () => 0), ...recent];
  return (
    <fieldset class="bar recording" ref={bar} aria-label="Recording">
      <IconButton
        icon="trash"
        label="Discard the recording"
        onClick={() => cancelRecording().catch(complain)}
      />
      <span class="pulse" aria-hidden="true" />
      <span class={isLate ? 'time late' : 'time'} role="timer" aria-label="Recorded so far">
        {lasting(Math.floor(seconds))}
        {isLate && <span class="muted"> {lasting(Math.ceil(left))} left</span>}
      </span>
      <div class="meter">
        <meter class="only-read" aria-label="Level" min={0} max={255} value={levels.at(-1) ?? 0} />
        <svg viewBox={`0 0 ${BARS * 3} 32`} preserveAspectRatio="xMaxYMid slice" aria-hidden="true">
          <path d={pathOf(padded.map(level => level / 255))} />
        </svg>
      </div>
      <IconButton
        icon="stop"
        label="Stop, and listen to it first"
        onClick={() => stopRecording().catch(complain)}
      />
      <IconButton
        icon="send"
        class="send"
        size={24}
        label="Send"
        onClick={() => recordOrSend().catch(complain)}
      />
    </fieldset>
  );
}
