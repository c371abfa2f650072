/** What becomes of one value. */
export type Lifted =
  | { readonly kind: 'settings'; readonly settings: readonly (readonly [path: string, value: unknown])[] }
  /** The kit does it in any case. */
  | { readonly kind: 'always'; readonly why: string }
  | { readonly kind: 'not'; readonly why: string };
