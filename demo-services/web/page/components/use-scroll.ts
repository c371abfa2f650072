import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface ScrollProps {
  /** What stands first and last now. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** What is to be shown, once it is there. */
  readonly marked: string | undefined;
  readonly onTop: () => unknown;
  readonly onBottom: () => unknown;
}

export interface Scroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** What stands at the ends as long as there is more. */
  readonly top: RefObject<HTMLButtonElement | null>;
  readonly bottom: RefObject<HTMLButtonElement | null>;
  /** Whether the end is out of sight, and something came there meanwhile. */
  readonly away: Signal<boolean>;
  readonly isNew: Signal<boolean>;
  readonly toBottom: () => void;
}

const NEAR_PX = 80;
/** How early more is loaded. */
const AHEAD = '600px';

/** Who reads at the end stays at the end, and who reads further up stays where they are, whatever comes or grows. */
export function useScroll({ first, last, marked, onTop, onBottom }: ScrollProps): Scroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLButtonElement>(null);
  const bottom = useRef<HTMLButtonElement>(null);
  const away = useSignal(false);
  const isNew = useSignal(false);
  const known = useRef({ first, last, height: 0, client: 0, atEnd: true });

  const toBottom = () => {
    const box = scroller.current;
    if (box === null) return;
    box.scrollTop = box.scrollHeight;
    known.current.atEnd = true;
    away.value = false;
    isNew.value = false;
  };

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const was = known.current;
    const grewAbove = was.first !== undefined && was.first !== first && was.last === last;
    if (was.atEnd && !marked) toBottom();
    else if (grewAbove) box.scrollTop += box.scrollHeight - was.height;
    if (was.last !== last && !was.atEnd) isNew.value = true;
    known.current = { ...was, first, last, height: box.scrollHeight, atEnd: was.atEnd };
  }, [first, last]);

  useLayoutEffect(() => {
    const target = marked && content.current?.querySelector<HTMLElement>(`#${CSS.escape(`m-${marked}`)}`);
    if (!target) return;
    known.current.atEnd = false;
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
  }, [marked, marked && first !== undefined]);

  useEffect(() => {
    const [box, inner] = [scroller.current, content.current];
    if (box === null || inner === null) return undefined;
    const onScroll = () => {
      // A window that changes its size scrolls too: nobody has left the end by that.
      const resized = box.scrollHeight !== known.current.height || box.clientHeight !== known.current.client;
      if (resized && known.current.atEnd) return onResize();
      const left = box.scrollHeight - box.scrollTop - box.clientHeight;
      known.current.atEnd = left < NEAR_PX;
      away.value = left > box.clientHeight / 2;
      if (known.current.atEnd) isNew.value = false;
    };
    const onResize = () => {
      known.current.height = box.scrollHeight;
      known.current.client = box.clientHeight;
      if (known.current.atEnd) toBottom();
    };
    const sizes = new ResizeObserver(onResize);
    sizes.observe(box);
    sizes.observe(inner);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  useEffect(() => {
    const observer = new IntersectionObserver(
      changes => {
        for (const { isIntersecting, target } of changes) {
          if (isIntersecting) void (target === top.current ? onTop() : onBottom());
        }
      },
      { root: scroller.current, rootMargin: AHEAD },
    );
    for (const end of [top.current, bottom.current]) if (end) observer.observe(end);
    return () => observer.disconnect();
  }, [first, last, top.current, bottom.current]);

  return { scroller, content, top, bottom, away, isNew, toBottom };
}
