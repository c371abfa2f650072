import { useMemo } from 'preact/hooks';
import { type Playable, seek } from '../model/player.js';
import { barsOf, pathOf } from '../state/peaks.js';
import { lasting } from '../state/wording.js';
import { stepFrom, type Word, wordAt } from '../state/words.js';

const BARS = 56;

export interface WaveformProps {
  readonly what: Playable;
  readonly levels: readonly number[];
  readonly words: readonly Word[];
  readonly time: number;
  readonly duration: number;
}

/** How loud it is over time. To point at it goes there; arrows go from word to word. */
export function Waveform({ what, levels, words, time, duration }: WaveformProps) {
  const path = useMemo(() => pathOf(barsOf(levels, BARS)), [levels]);
  const part = duration > 0 ? Math.min(1, time / duration) : 0;
  const word = words[wordAt(words, time)]?.text;
  const to = (seconds: number, play: boolean) =>
    void seek(what, Math.min(Math.max(seconds, 0), duration), play);
  const onPointer = (event: PointerEvent) => {
    if (event.buttons !== 1 || !(event.currentTarget instanceof HTMLElement)) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    to(((event.clientX - left) / width) * duration, true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = {
      ArrowLeft: () => stepFrom(words, time, -1),
      ArrowDown: () => stepFrom(words, time, -1),
      ArrowRight: () => stepFrom(words, time, 1),
      ArrowUp: () => stepFrom(words, time, 1),
      PageUp: () => time + 5,
      PageDown: () => time - 5,
      Home: () => 0,
      End: () => duration,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    to(target(), false);
  };
  return (
    <div
      class="waveform"
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={Math.max(1, Math.round(duration))}
      aria-valuenow={Math.round(time)}
      aria-valuetext={`${lasting(time)} of ${lasting(duration)}${word && time > 0 ? `, ${word}` : ''}`}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={onKeyDown}
    >
      <Bars path={path} />
      <Bars path={path} played={part} />
    </div>
  );
}

function Bars({ path, played }: { readonly path: string; readonly played?: number }) {
  const style = played === undefined ? {} : { clipPath: `inset(0 ${((1 - played) * 100).toFixed(2)}% 0 0)` };
  return (
    <svg
      class={played === undefined ? 'bars' : 'bars played'}
      viewBox={`0 0 ${BARS * 3} 32`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={style}
    >
      <path d={path} />
    </svg>
  );
}
