import { valuesRule } from './values-rule.js';

const FACTORY = 'org.apache.bookkeeper.tls.BookieAuthZFactory';

export const bookiePlaintextWrites = valuesRule(
  {
    code: 'BookiePlaintextWrites',
    group: 'encryption',
    severity: 'error',
    happens:
      'Any pod that reaches port 3181 reads and writes ledgers without a certificate, past every grant of Pulsar.',
    why: 'TLS of BookKeeper begins inside its protocol (START_TLS): a client that does not ask for it is served in plain. tlsClientAuthentication demands a certificate only of those that do ask.',
    source: 'https://bookkeeper.apache.org/docs/security/tls/',
    examples: {
      bad: {
        values:
          'tls: { enabled: true, bookie: { enabled: true } }\nbookkeeper: { configData: { PULSAR_PREFIX_tlsClientAuthentication: "true" } }',
      },
      good: {
        values: `tls: { enabled: true, bookie: { enabled: true } }
bookkeeper:
  configData:
    PULSAR_PREFIX_tlsClientAuthentication: "true"
    PULSAR_PREFIX_bookieAuthProviderFactoryClass: ${FACTORY}
    PULSAR_PREFIX_authorizedRoles: pulsar`,
      },
    },
  },
  values => {
    if (!values.runs('bookkeeper') || !values.tls('bookie')) return [];
    const saw = values.setting('bookkeeper', 'bookieAuthProviderFactoryClass');
    if (saw === FACTORY && values.setting('bookkeeper', 'authorizedRoles')) return [];
    return [
      {
        path: values.settingPath('bookkeeper', 'bookieAuthProviderFactoryClass'),
        message: 'bookies have TLS, and still write for clients that come without it',
        saw: saw ?? 'nothing',
        want: `${FACTORY}, and authorizedRoles`,
      },
    ];
  },
);
