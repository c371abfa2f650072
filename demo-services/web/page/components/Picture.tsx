import { useSignal } from '@preact/signals';
import type { Entry } from '../../api/entries.js';
import { routes } from '../../api/routes.js';
import { ownOf } from '../model/sounds.js';
import { clock } from '../state/wording.js';
import { Lightbox } from './Lightbox.js';

/** A picture: blurred until it is there, in the size that the screen needs, and whole when one opens it. */
export function Picture({ entry }: { readonly entry: Entry }) {
  const loaded = useSignal(false);
  const isOpen = useSignal(false);
  const { id, thread, author, createdAt, picture } = entry;
  const own = ownOf(id)?.url;
  const alt = `Picture by ${author}, ${clock(createdAt)}`;
  if (picture === undefined) {
    if (entry.failure) return null;
    return own ? <img class="picture own-picture" src={own} alt={alt} /> : <span class="picture ghost" />;
  }
  const { width, height, preview, renditions } = picture;
  const widths = [...new Set(renditions.map(one => one.width))].sort((a, b) => a - b);
  const address = (of: number) => routes.picture(thread, id, of);
  return (
    <>
      <button
        type="button"
        class="picture"
        aria-label={`Open: ${alt}`}
        style={{ aspectRatio: `${width} / ${height}`, backgroundImage: `url("${preview}")` }}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <img
          class={loaded.value ? 'loaded' : ''}
          src={address(widths[0] ?? 320)}
          srcset={widths.map(one => `${address(one)} ${one}w`).join(', ')}
          sizes="(max-width: 50rem) 75vw, 22rem"
          width={width}
          height={height}
          alt={alt}
          loading="lazy"
          decoding="async"
          onLoad={() => {
            loaded.value = true;
          }}
        />
      </button>
      {isOpen.value && (
        <Lightbox
          alt={alt}
          src={address(widths.at(-1) ?? 1_280)}
          original={routes.media(thread, id)}
          preview={preview}
          width={width}
          height={height}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}
