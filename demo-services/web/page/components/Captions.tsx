import { caption } from '../model/captions.js';

/** What is understood while one speaks. Word by word, so that only what is new is read out. */
export function Captions() {
  const text = caption.value;
  if (text === undefined) return null;
  return (
    <section class="captions" aria-label="Captions">
      <p aria-live="polite">
        {text.split(' ').map((word, at) => (
          <span key={at}>{word} </span>
        ))}
      </p>
      {text === '' && <p class="hint">Your words appear here while you speak.</p>}
    </section>
  );
}
