import { type Playable, playing, toggle } from '../model/player.js';
import { SPEEDS, speed } from '../model/settings.js';
import { lasting } from '../state/wording.js';
import type { Word } from '../state/words.js';
import { IconButton } from './IconButton.js';
import { Waveform } from './Waveform.js';

export interface PlayerProps {
  readonly what: Playable;
  readonly levels: readonly number[];
  readonly words: readonly Word[];
}

export function Player({ what, levels, words }: PlayerProps) {
  const mine = playing.value?.id === what.id ? playing.value : undefined;
  const duration = what.duration || mine?.duration || 0;
  const isPlaying = mine?.state === 'playing' || mine?.state === 'loading';
  const faster = () => {
    const at = SPEEDS.indexOf(speed.value as (typeof SPEEDS)[number]);
    speed.value = SPEEDS[(at + 1) % SPEEDS.length] ?? 1;
  };
  return (
    <div class="player">
      <IconButton
        icon={isPlaying ? 'pause' : 'play'}
        class="play"
        label={isPlaying ? 'Pause' : 'Play'}
        onClick={() => toggle(what)}
      />
      <Waveform what={what} levels={levels} words={words} time={mine?.time ?? 0} duration={duration} />
      <span class="times">
        <span class="time">{lasting(mine && mine.time > 0 ? mine.time : duration)}</span>
        {mine && (
          <button type="button" class="speed" aria-label={`Speed: ${speed.value} times`} onClick={faster}>
            {speed.value}×
          </button>
        )}
      </span>
      {mine?.state === 'failed' && <p class="problem">This browser cannot play it.</p>}
    </div>
  );
}
