import { useEffect, useRef } from 'preact/hooks';
import { type Playable, seek } from '../model/player.js';
import { type Word, wordAt } from '../state/words.js';

export interface TranscriptProps {
  readonly what: Playable;
  readonly words: readonly Word[];
  /** Where it plays, if it does. */
  readonly time: number | undefined;
  readonly language: string;
}

/**
 * The words, of which the spoken one is lit. To click one goes there; it stays plain text for whoever reads by ear,
 * and keys do the same on the waveform.
 */
export function Transcript({ what, words, time, language }: TranscriptProps) {
  const text = useRef<HTMLParagraphElement>(null);
  const current = useRef({ what, words });
  current.current = { what, words };
  useEffect(() => {
    const onClick = ({ target }: MouseEvent) => {
      const at = target instanceof HTMLElement ? target.dataset['word'] : undefined;
      const word = at === undefined ? undefined : current.current.words[Number(at)];
      // Whoever marks words to copy them does not want to hear them.
      if (word && getSelection()?.isCollapsed !== false) void seek(current.current.what, word.start);
    };
    const element = text.current;
    element?.addEventListener('click', onClick);
    return () => element?.removeEventListener('click', onClick);
  }, []);
  const lit = time !== undefined && time > 0 ? wordAt(words, time) : -1;
  if (words.length === 0) return <p class="transcript muted">Nothing was said.</p>;
  return (
    <p class="transcript" ref={text} lang={/^[a-z]{2,3}(-\w+)?$/i.test(language) ? language : undefined}>
      {words.map((word, i) => (
        <span key={i}>
          <span data-word={i} class={i === lit ? 'word lit' : 'word'}>
            {word.text}
          </span>{' '}
        </span>
      ))}
    </p>
  );
}
