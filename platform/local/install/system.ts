import { readIfThere } from '../../edges/files.js';

/** The family of systems whose package manager is used. */
export type SystemFamily = 'debian' | 'fedora' | 'macos' | 'other';

export async function systemFamily(platform: NodeJS.Platform = process.platform): Promise<SystemFamily> {
  if (platform === 'darwin') return 'macos';
  return familyOf((await readIfThere('/etc/os-release')) ?? '');
}

/** From the text of /etc/os-release. Pure. */
export function familyOf(osRelease: string): SystemFamily {
  const value = (key: string) => osRelease.match(new RegExp(`^${key}="?([^"\n]*)`, 'm'))?.[1] ?? '';
  const names = `${value('ID')} ${value('ID_LIKE')}`.split(' ');
  if (names.includes('debian') || names.includes('ubuntu')) return 'debian';
  if (names.includes('fedora') || names.includes('rhel')) return 'fedora';
  return 'other';
}
