/** Codes of the commands that look after a running platform: verify, status, doctor, tokens, dlq, topics, scale. */
export const OPERATION_CODES = {
  VerifyFailed: {
    means: 'what runs is not what the plan describes: a dial fails, or something that must be refused is not',
    fix: 'read what was seen and wanted; platform status names what does not run',
  },
  SpokenMessageLost: {
    means: 'a spoken message was sent, and no transcript of it came in time',
    fix: 'platform status shows the backlog and the services; platform dlq list shows what was given up',
  },
  ProbeCertificateFailed: {
    means:
      'a certificate that was asked for as a probe was not issued, or does not verify; the issuer calls itself ready all the same',
    fix: 'kubectl describe certificaterequest in the namespace named; the reason stands in its conditions',
  },
  ProcessDown: {
    means: 'a process of the platform does not run, or does not answer',
    fix: 'platform local logs NAME shows why; platform local up starts it again',
  },
  CertificateEndsSoon: {
    means: 'a certificate ends soon, and nothing has renewed it',
    fix: 'platform certs rotate',
  },
  BacklogGrows: {
    means: 'messages wait on a subscription that nobody consumes, or that has fallen far behind',
    fix: 'see whether its service runs (platform status), and its log',
  },
  DeadLettersWait: {
    means: 'messages were given up and wait among the dead letters',
    fix: 'platform dlq list shows why; platform dlq replay sends them again',
  },
  DiskLow: {
    means: 'there is little space left on the disk; a broker that has none takes no message',
    fix: 'free some space on the disk that is named',
  },
  ToolMissing: {
    means: 'a program that some commands need is not on this machine',
    fix: 'install it; the line says which commands need it',
  },
  ToolTooOld: {
    means: 'a program on this machine is older than the kit needs',
    fix: 'install a newer one',
  },
  QuotaTooSmall: {
    means:
      'AWS allows this account less of something than the platform and what is there already take together',
    fix: 'ask for more by the command that is shown; an answer can take a day',
  },
  BenchFailed: {
    means: 'a client of the benchmark sent or received nothing',
    fix: 'read what it said last; .platform/bench/logs/broker.log shows what the broker saw',
  },
  TopicNotFound: {
    means: 'there is no such topic in the plan or on the broker',
    fix: 'name one of those that `platform topics list` shows',
  },
  DeadLetterNotFound: {
    means: 'no dead letter has the id that was given',
    fix: 'name one of those that `platform dlq list` shows',
  },
  GatewayMissing: {
    means: 'messages of a cluster are read by the WebSocket gateway, and this platform has none',
    fix: 'set pulsar.websocket to proxy or broker and apply; platform topics needs no gateway',
  },
  ReplayFailed: {
    means: 'some dead letters could not be sent again; they stay where they are',
    fix: 'read the reason of each; the same command tries again what is left',
  },
  RoleUnknown: {
    means: 'the plan has no role of this name',
    fix: 'add the role under pulsar.roles, or name one of those that are listed',
  },
  KeyUnknown: {
    means: 'no signing key has this id, or the ids of several begin with it',
    fix: 'name one of those that `platform tokens list` shows, by as much of its id as no other has',
  },
  RevocationUnfinished: {
    means: 'the revocation of a signing key of tokens was interrupted; its tokens may still be accepted',
    fix: 'platform tokens revoke KEY goes on with it',
  },
  KeyInUse: {
    means: 'tokens of the platform itself are signed by the key that would be revoked',
    fix: 'platform tokens rotate first: it signs them anew by another key',
  },
  TokenOverlapMissing: {
    means: 'brokers of this cluster know one public key, so that tokens of two can not be good at once',
    fix: 'set pulsar.tokenKeys: two and platform apply; or platform tokens revoke KEY --target cluster exchanges the key, and clients are refused while brokers restart',
  },
  KeysTwo: {
    means: 'two keys sign tokens that are good, and a third one would be one too many',
    fix: 'platform tokens revoke the older one, when nobody uses its tokens any longer',
  },
  TokenKeyMissing: {
    means: 'the store of secrets has no key that signs tokens',
    fix: 'platform secrets make gives it a value, and every token',
  },
  SecretNotShown: {
    means: 'external-secrets has not shown a value of the store as a Secret in time',
    fix: 'kubectl describe externalsecret in the namespace named; then run the same command again',
  },
  TokensStale: {
    means: 'the broker does not accept what it should, or accepts what it should not, after a change of keys',
    fix: 'run the same command again; platform local logs broker says why',
  },
  ScaleRefused: {
    means: 'bookies would become fewer than the quorum of a ledger needs, or more would leave than is safe',
    fix: 'ask for at least as many bookies as pulsar.quorum.ensemble',
  },
  ScaleUnsafe: {
    means: 'ledgers were under-replicated before a bookie was touched',
    fix: 'wait until autorecovery is done (bookkeeper shell listunderreplicated is empty), then run again',
  },
  ScaleTimeout: {
    means: 'the ledgers of a bookie were not copied in time; the bookie was made writable again',
    fix: 'see the log of autorecovery, then run again with a longer --timeout',
  },
  ScaleUnreadable: {
    means:
      "BookKeeper's shell printed nothing from which it can be told what a bookie holds; silence is not taken for none",
    fix: 'see that its log is at level INFO and that bookies are registered under the names of their pods',
  },
  ScaleInProgress: {
    means: 'an earlier run wants another number of bookies and has not ended',
    fix: 'let it end with its own number first; the message names it',
  },
} as const;
