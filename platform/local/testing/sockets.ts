import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  /** `127.0.0.1`, `0.0.0.0`, `::1`, … */
  readonly address: string;
  readonly port: number;
}

const LISTENING = '0A';

/** TCP sockets on which a process listens, as the kernel knows them. Linux. */
export function listenersOf(pid: number): Listener[] {
  const own = socketInodes(pid);
  return ['tcp', 'tcp6'].flatMap(table =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === LISTENING && own.has(fields[9] ?? ''))
      .map(fields => listener(fields[1] ?? '')),
  );
}

function socketInodes(pid: number): Set<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map(fd => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return new Set(links.map(link => link.match(/^socket:\[(\d+)\]$/)?.[1] ?? ''));
}

/** `0100007F:1F90` → 127.0.0.1:8080. Each group of eight digits is one word in the byte order of the machine. */
function listener(local: string): Listener {
  const [hex = '', port = ''] = local.split(':');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => (word.match(/../g) ?? []).reverse());
  const address =
    bytes.length === 4
      ? bytes.map(byte => Number.parseInt(byte, 16)).join('.')
      : shortened((bytes.join('').match(/.{4}/g) ?? []).join(':'));
  return { address, port: Number.parseInt(port, 16) };
}

/** A Java server that is bound to an IPv4 address through an IPv6 socket shows it mapped. */
function shortened(address: string): string {
  const mapped = address.match(/^0000:0000:0000:0000:0000:ffff:(..)(..):(..)(..)$/);
  if (mapped !== null)
    return mapped
      .slice(1)
      .map(byte => Number.parseInt(byte, 16))
      .join('.');
  return address === '0000:0000:0000:0000:0000:0000:0000:0001' ? '::1' : address;
}
