/**
 * Names that are computed, never chosen: whoever works on a message, and however often, writes under the same keys.
 * With a conditional put that makes every effect idempotent.
 */

/** Key of what became of a message, in the bucket of the results. */
export function resultKey(messageId: string): string {
  return `${messageId}/result.json`;
}

/** Key of a picture made to fit into a square, in the bucket of the results. */
export function renditionKey(messageId: string, maxPixels: number): string {
  return `${messageId}/${maxPixels}.webp`;
}

/** Key of the blob of a message, in the bucket of its kind. */
export function objectKeyOf({ thread, id }: { readonly thread: string; readonly id: string }): string {
  return `${thread.replaceAll(':', '.')}/${id}`;
}
