import type { Machine } from './part.js';

const OPENED = [
  'java.base/java.io',
  'java.base/java.util.zip',
  'java.base/java.nio',
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.platform',
  'java.management/sun.management',
  'jdk.management/com.sun.management.internal',
];

/**
 * Flags for every Java part: IPv4 loopback, no files outside the state folder, and a quick start. For that only C1
 * compiles, which knows no AES instructions: TLS of Java's own costs ten times as much as when it is `optimized`.
 */
export function commonFlags({ java }: Pick<Machine, 'java'>, temporary: string, optimized = false): string[] {
  return [
    ...(optimized ? [] : ['-XX:TieredStopAtLevel=1']),
    '-XX:-UsePerfData',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.net.preferIPv4Stack=true',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${temporary}`,
    // Netty and RocksDB reach for memory behind Java's back; newer JDKs warn unless they are told.
    ...(java.version >= 23 ? ['--sun-misc-unsafe-memory-access=allow'] : []),
    ...(java.version >= 17 ? ['--enable-native-access=ALL-UNNAMED'] : []),
  ];
}

/** What Netty, BookKeeper and Pulsar open of the JDK. */
export function openedModules(): string[] {
  return OPENED.flatMap(name => ['--add-opens', `${name}=ALL-UNNAMED`]);
}

/** `key=value` lines for Java's properties and Pulsar's conf files. */
export function propertyLines(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
