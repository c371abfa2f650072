/** An IPv4 network. */
export interface Cidr {
  /** First address as an unsigned number. */
  readonly base: number;
  /** 0 to 32. */
  readonly prefix: number;
}

/** `10.0.0.0/16` → Cidr; undefined when the text is no network or has host bits. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  // Some readers take 010 for 8.
  if (match === null || match.slice(1).some(number => /^0\d/.test(number))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some(octet => octet > 255) || prefix > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % sizeOf({ base, prefix }) === 0 ? { base, prefix } : undefined;
}

/** How many addresses it holds. */
export function sizeOf({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** The `index`-th network of `prefix` bits inside another. */
export function subnet(parent: Cidr, prefix: number, index: number): Cidr {
  return { base: parent.base + index * 2 ** (32 - prefix), prefix };
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map(shift => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
