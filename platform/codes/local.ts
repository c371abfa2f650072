/** Codes of the local target, and of its set-up. */
export const LOCAL_CODES = {
  DiskFull: {
    means: 'there is no space left on the disk',
    fix: 'free some space on the disk that holds the path named, then run the same command again',
  },
  FileNotWritable: {
    means: 'a file or folder can not be read or written by this user',
    fix: 'name another place (--state DIR, --out DIR), or give it back to this user (chown -R)',
  },
  JavaMissing: {
    means: 'there is no Java runtime of version 17 or newer, which the broker and the object store run on',
    fix: 'npm run setup (or set JAVA_HOME to a newer one)',
  },
  LocalNotRunning: {
    means: 'the local platform is not running',
    fix: 'platform local up',
  },
  KeyRingSpoilt: {
    means:
      'the keys of tokens of the local platform are damaged; they are left as they are, since other keys would end every token that is in use',
    fix: 'put a copy of the file back; without one: platform local down, delete the folder token-keys of the state folder, platform local up, and another key signs every token',
  },
  TrafficFailed: {
    means: 'the traffic could not use the broker or the store',
    fix: 'docs/errors.md explains the code that was seen, under "The demo services"',
  },
  LessonFailed: {
    means: 'a consumer of the lesson ended though nobody had killed it',
    fix: 'read what it said last; platform local status shows whether the broker is well',
  },
  RebuildFailed: {
    means: 'the thread service did not rebuild its view',
    fix: 'platform local logs thread',
  },
  LogNotFound: {
    means: 'no process of that name has written a log',
    fix: 'name one of those that are listed',
  },
  NotBuilt: {
    means: 'the TypeScript sources are not compiled to dist/',
    fix: 'npm run setup',
  },
  PartMissing: {
    means: 'a part of the local platform is not installed on this machine',
    fix: 'npm run setup',
  },
  PartFailed: {
    means: 'a process of the local platform ends again and again, or does not become ready',
    fix: 'read the log that the message names; platform local reset begins anew with empty data',
  },
  PortBusy: {
    means: 'a port that the config asks for is in use by another program',
    fix: 'stop that program, or change the port under local.ports (0 takes a free one)',
  },
  StateBusy: {
    means: 'another command is working on the same local platform',
    fix: 'wait for that command to end, then run this one again',
  },
  StateFolderForeign: {
    means: 'the folder for the state of the local platform holds something else; the kit does not touch it',
    fix: 'choose an empty folder with --state DIR',
  },
  // set-up; scripts/bootstrap.mjs, which runs before anything is installed, spells its own
  BuildFailed: {
    means: 'the sources do not compile',
    fix: 'mend what the compiler says',
  },
  ChecksumMismatch: {
    means: 'a downloaded file is damaged or is not the one that the kit was tested with',
    fix: 'check the mirror or proxy between here and the repository, remove the file from its cache, run again',
  },
  NodeTooOld: {
    means: 'this version of Node is older than the kit supports',
    fix: 'install a newer Node: https://nodejs.org/en/download',
  },
  PackagesFailed: {
    means: 'the npm packages of package-lock.json could not be installed',
    fix: 'check the network and the registry of .npmrc, then run again',
  },
  DownloadFailed: {
    means: 'a part of the local platform could not be downloaded or unpacked',
    fix: 'check the network (and the proxy or mirror in ~/.m2/settings.xml), then run again; it resumes',
  },
  PrerequisiteMissing: {
    means: 'a program that the set-up needs is not installed, and the set-up may not install it itself',
    fix: 'install the packages that are listed, then run again',
  },
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;
