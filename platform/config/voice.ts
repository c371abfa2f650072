/**
 * The topics of the voice chat. Messages of a worked one that cannot succeed end in its dead-letter topic. `signals`
 * is what web processes tell each other: whose membership changed, who is there, who is recording.
 */
export const VOICE_TOPICS = [
  { alias: 'audio', worked: true },
  { alias: 'images', worked: true },
  { alias: 'results', worked: false },
  { alias: 'signals', worked: false },
] as const;

/** The topic where messages of `alias` end that cannot succeed. */
export function deadLettersOf(alias: string): string {
  return `${alias}-dead-letters`;
}
