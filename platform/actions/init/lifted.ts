/** What becomes of one value. */
export type Lifted =
  | {
      readonly kind: 'settings';
      readonly settings: readonly (readonly [path: string, value: unknown])[];
      /** What is otherwise now, or was left out. */
      readonly note?: string;
    }
  /** The kit does it in any case. */
  | { readonly kind: 'always'; readonly why: string }
  | { readonly kind: 'not'; readonly why: string };
