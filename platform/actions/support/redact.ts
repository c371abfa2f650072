const HIDDEN = '[redacted]';

/** Shapes of secrets, for those that nobody told us of. */
const PATTERNS: readonly RegExp[] = [
  // PEM private keys, whole, also where their line breaks are escaped; and cut off.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  // JWTs.
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
  // Keys of AWS and of APIs in OpenAI's manner.
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  // Signatures of presigned URLs, and bearers.
  /(?<=X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi,
  /(?<=\bBearer\s+)[^\s"',]+/gi,
  // user:password@ of a URL.
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s:/@]+(?=@)/gi,
  // name = value, name: value, "name": "value".
  /(?<=\b[\w.-]*(?:password|passwd|secret|api[_-]?key|private[_-]?key|access[_-]?key|session[_-]?key|token)["']?\s*[=:]\s*["']?)(?!file:|\/|\[redacted\])[^\s"',}]+/gi,
];

/** Shorter values would take ordinary words with them. */
const SHORTEST = 8;

/**
 * A text without secrets: those that are known, wherever they stand and however they are written, and whatever looks
 * like one. Pure.
 *
 * @param known values of secrets
 */
export function redact(text: string, known: readonly string[]): string {
  const values = [...new Set(known.flatMap(spellings))]
    .filter(value => value.length >= SHORTEST)
    // The longest first: one may be part of another.
    .sort((a, b) => b.length - a.length);
  const withoutKnown = values.reduce((result, value) => result.replaceAll(value, HIDDEN), text);
  return PATTERNS.reduce((result, pattern) => result.replace(pattern, HIDDEN), withoutKnown);
}

/** A value as it is, each line of it, and as URLs, JSON and base64 write it. */
function spellings(value: string): string[] {
  const bare = value.trim();
  return [
    bare,
    ...bare.split(/\r?\n/).map(line => line.trim()),
    encodeURIComponent(bare),
    JSON.stringify(bare).slice(1, -1),
    Buffer.from(value).toString('base64'),
    Buffer.from(bare).toString('base64'),
  ];
}
