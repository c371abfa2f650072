import { expect, it } from 'vitest';
import { auditText } from './certs-text.js';

it('heads each column of an audit by a word alone', () => {
  const text = auditText([
    {
      ...{ endpoint: 'broker/https', protocol: 'https', servedSerial: '0a0b', issuedSerial: '0a0b' },
      ...{ notAfter: '2027-01-01T00:00:00Z', skewSeconds: 0, trustedBy: ['proxy'], refusedFor: {} },
      ...{ negatives: { plainText: true, tls11: false, wrongName: null }, findings: [] },
    },
  ]);
  expect(text).toMatch(/^ENDPOINT +PLAIN TEXT +TLS11 +WRONG NAME$/m);
  expect(text).toMatch(/^broker\/https +refused +NOT REFUSED +NOT SHOWN$/m);
});
