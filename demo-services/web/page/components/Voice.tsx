import { useMemo } from 'preact/hooks';
import type { Entry } from '../../api/entries.js';
import { type Playable, playing } from '../model/player.js';
import { ownOf, soundOf } from '../model/sounds.js';
import { wordsOf } from '../state/words.js';
import { Player } from './Player.js';
import { Transcript } from './Transcript.js';

/** A recording with its words. */
export function Voice({ entry: { id, thread, transcript, media } }: { readonly entry: Entry }) {
  const own = ownOf(id);
  const words = useMemo(() => (transcript ? wordsOf(transcript) : []), [transcript]);
  const duration = transcript?.duration ?? own?.seconds ?? 0;
  const what: Playable = { id, duration, sound: () => soundOf(thread, id) };
  const time = playing.value?.id === id ? playing.value.time : undefined;
  return (
    <>
      {(media ?? own) && (
        <Player what={what} levels={transcript?.waveform ?? own?.levels ?? []} words={words} />
      )}
      {transcript && <Transcript what={what} words={words} time={time} language={transcript.language} />}
    </>
  );
}
