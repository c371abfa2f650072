/** Begins a trace, as W3C Trace Context has it: whatever is made of a message can be followed from here. */
export function newTraceparent(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

function randomHex(bytes: number): string {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return [...drawn].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
