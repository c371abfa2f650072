/** Codes of certificates and of the endpoints that serve them. */
export const CERTIFICATE_CODES = {
  CertUnreadable: {
    means: 'a file holds no certificate, or one that cannot be decoded',
    fix: 'export it again as PEM: `openssl x509 -in FILE -out FILE.pem`',
  },
  CertWrongOrder: {
    means:
      'the certificates of a chain do not follow each other from the leaf upwards; some clients refuse that',
    fix: 'write the leaf first, then each issuer after the certificate that it signed',
  },
  CertMissingIntermediate: {
    means: 'the issuer of the last certificate is neither in the chain nor trusted',
    fix: 'append the certificates of the issuing authorities, without the root',
  },
  CertRootInChain: {
    means: 'the chain contains its root; nobody trusts it from there, and every handshake carries it',
    fix: 'leave the root out of the chain and give it to the diallers as their trust',
  },
  CertDuplicate: {
    means: 'the same certificate is in a list twice',
    fix: 'remove one of them',
  },
  CertUnrelated: {
    means: 'a certificate in the chain has nothing to do with its leaf',
    fix: 'remove it from the chain',
  },
  CertUntrusted: {
    means: 'the chain leads to an authority that the dialler does not trust',
    fix: 'issue it by a trusted authority, or add its root to the trust of the diallers',
  },
  CertSelfSigned: {
    means: 'the certificate is signed by its own key; no authority vouches for it',
    fix: 'have an authority issue it',
  },
  CertBadSignature: {
    means: 'the issuer named did not make the signature: the content was changed, or another key signed it',
    fix: 'issue it again',
  },
  CertKeyIdMismatch: {
    means: 'the authority key identifier is not that of the issuer; OpenSSL then looks for another issuer',
    fix: 'issue it again with the present certificate of its authority',
  },
  CertIssuerNotCa: {
    means: 'a certificate signs others without being an authority',
    fix: 'make the issuer an authority: basicConstraints CA:TRUE, keyUsage keyCertSign',
  },
  CertPathTooLong: {
    means: 'there are more authorities below an authority than its path length allows',
    fix: 'issue from higher up, or give the authority a greater path length',
  },
  CertNameConstraint: {
    means: 'an authority of the chain may not sign for a name of the leaf',
    fix: 'use a name that its name constraints permit, or another authority',
  },
  CertUnknownCritical: {
    means: 'a critical extension is unknown; clients must refuse the certificate',
    fix: 'issue it without that extension, or mark the extension as not critical',
  },
  CertMalformed: {
    means: 'the certificate breaks the rules of RFC 5280; strict clients refuse it',
    fix: 'issue it again with an authority that follows the RFC',
  },
  CertExpired: {
    means: 'the validity of a certificate has ended',
    fix: 'renew it, and see why it was not renewed in time',
  },
  CertNotYetValid: {
    means: 'the validity of a certificate has not begun',
    fix: 'compare the clocks of this machine and of the authority, or wait',
  },
  CertNeverValid: {
    means: 'the validity of a certificate ends before it begins',
    fix: 'issue it again',
  },
  CertExpiring: {
    means: 'the validity of a certificate ends soon',
    fix: 'renew it now, and see why it was not renewed yet',
  },
  CertOutlivesIssuer: {
    means: 'a certificate is valid for longer than the authority that signed it',
    fix: 'give it a shorter life, or renew its authority first',
  },
  CertTooLongForMode: {
    means: 'the validity is longer than the mode of the certificate authority allows',
    fix: 'ask for 7 days at most, or use a general-purpose authority',
  },
  CertNoNames: {
    means: 'a server certificate has no subject alternative name; no client accepts it',
    fix: 'issue it with the host names under which it is dialled',
  },
  CertNameMismatch: {
    means: 'the certificate is not valid for the name under which it is dialled',
    fix: 'issue it with that name, or dial it by one of its names',
  },
  CertBadName: {
    means: 'a name in the certificate is one that no client ever matches, or too long to be issued',
    fix: 'ask for the name in the form that clients look for',
  },
  CertWrongUsage: {
    means: 'the certificate is not meant for this use',
    fix: 'issue it with the usages that it needs: server auth, client auth, digitalSignature',
  },
  CertLeafIsCa: {
    means: 'a leaf certificate is an authority; strict clients refuse it, and its key can sign for any name',
    fix: 'issue it with CA:FALSE',
  },
  CertKeyMismatch: {
    means: 'the private key does not belong to the certificate',
    fix: 'use the key that the certificate was requested with, or request a new one',
  },
  CertWeakKey: {
    means: 'the key is too weak, or of a kind that TLS clients do not accept',
    fix: 'make a new key: ECDSA P-256, or RSA of at least 2048 bits',
  },
  CertWeakSignature: {
    means: 'the signature uses a hash that is broken',
    fix: 'issue it again with SHA-256 or better',
  },
  CertTargetNotFound: {
    means: 'what to inspect is neither a file that exists nor a host with a port',
    fix: 'name a file, or host:port',
  },
  // endpoints
  AuthorityNotFound: {
    means: 'there is no such certificate authority in this account and region',
    fix: 'check the ARN and the region; a CA of another account must be shared by RAM',
  },
  AuthorityNotActive: {
    means: 'the certificate authority is not in a state in which it issues',
    fix: 'see its status: finish its creation, enable it, restore it, or renew its certificate',
  },
  AuthorityModeUnfit: {
    means: 'a certificate authority of short-lived mode signs leaves only, no authorities',
    fix: 'use a general-purpose certificate authority as the parent',
  },
  AuthorityAlgorithmUnfit: {
    means: 'the key of a certificate authority is of another kind than it has to be',
    fix: 'use another certificate authority: a key can not be changed',
  },
  AuthorityUnreachable: {
    means: 'AWS Private CA did not answer',
    fix: 'see the network, the region and AWS_ENDPOINT_URL_ACM_PCA, then run the same command again',
  },
  AuthorityWithoutRoot: {
    means: 'the certificate authority does not tell its root, so nobody could be told whom to trust',
    fix: 'import its certificate again with the whole chain',
  },
  AuthorityNameWrong: {
    means:
      'an authority is deleted only by one who says its name: nothing that it issued can be renewed afterwards',
    fix: 'pass its common name: --name',
  },
  AuthorityQuota: {
    means: 'a quota of AWS Private CA is used up',
    fix: 'delete authorities that nobody uses, or ask AWS for a higher quota',
  },
  AuthorityThrottled: {
    means: 'AWS Private CA answered too many times that it is called too often',
    fix: 'see who else calls it (one looping issuer is enough), then run the command again',
  },
  AuthorityAccessDenied: {
    means: 'the credentials may not use this certificate authority in this way',
    fix: 'allow the actions on its ARN; of another account: share it under a customer-managed RAM permission (docs/aws.md), since the default one covers EndEntityCertificate alone',
  },
  AuthorityRefused: {
    means: 'the certificate authority refused the request',
    fix: 'mend what its answer says',
  },
  CertNotAsRequested: {
    means: 'the authority issued something else than what was asked for; it was not used',
    fix: 'check the template and the policies of the authority',
  },
  OutageExpiresLeaves: {
    means: 'an outage of the issuer of a day would let certificates expire before cert-manager asks again',
    fix: 'renew earlier: tls.renewBefore',
  },
  CertServedOld: {
    means: 'an endpoint still serves another certificate than the one that was issued last for it',
    fix: 'wait for its next refresh; when it stays so, restart it and see why it does not reload',
  },
  RefusalNotShown: {
    means:
      'a probe of what must be refused could not be made, though it was tried several times: nothing is known of it',
    fix: 'run the audit again; see the cause, mostly a forwarded port that broke: kubectl port-forward to the pod that is named',
  },
  DialRefused: {
    means: 'a dial of the platform fails: one side does not accept the other',
    fix: 'see the reason: trust, host name, dates, or a client certificate that is missing',
  },
  PlainTextAnswered: {
    means: 'an endpoint answers requests without TLS, so that what protects the others can be walked around',
    fix: 'close the plain port, or make it refuse; a bookie needs bookieAuthProviderFactoryClass besides TLS',
  },
  OldTlsAccepted: {
    means: 'an endpoint goes on in TLS 1.1 or older',
    fix: 'allow TLS 1.2 and 1.3 only',
  },
  ClientCertificateNotDemanded: {
    means: 'an endpoint of mutual TLS lets in clients without a certificate',
    fix: 'demand one: tlsRequireTrustedClientCertOnConnect, ssl.clientAuth=need',
  },
  ForeignClientAccepted: {
    means: 'an endpoint lets in a client whose certificate no trusted authority has issued',
    fix: 'give the endpoint the roots of the platform as its trust, and no others',
  },
  WrongNameAccepted: {
    means: 'the certificate of an endpoint is valid for a name that it does not have',
    fix: 'issue it for exactly the names under which it is dialled',
  },
  CertificateNotIssued: {
    means: 'cert-manager was asked for a certificate, and its issuer gave none',
    fix: 'kubectl describe certificaterequest in the namespace named; then run the same command again',
  },
  RotationUnsupported: {
    means:
      'the authority of this environment is made elsewhere: the kit can not make the one that takes over',
    fix: 'make the private CA that takes over, then pass --next-arn ARN and --next-root FILE',
  },
  RotationNotInConfig: {
    means:
      'a rotation has replaced the authority, and config or outputs still name another one; what the rotation left stays',
    fix: 'write the authority that issues now into the config (tls.issuer), or rotate on to the one that it names',
  },
  RotationNotBegun: {
    means: 'there is no rotation of the authority under way',
    fix: 'platform certs rotate-ca begins one',
  },
  RotationPastSwitch: {
    means: 'a rotation can be taken back only while the old authority issues',
    fix: 'run platform certs rotate-ca to its end; another rotation can follow',
  },
  RotationStuck: {
    means:
      'a rotation stopped since something does not take notice of its new files; nothing is refused meanwhile',
    fix: 'see platform certs audit and the log of what is named, mend it, and run the same command again',
  },
  WorkloadUnknown: {
    means: 'no workload of this name has a certificate',
    fix: 'name one that platform plan lists',
  },
  EndpointUnreachable: {
    means: 'no connection to the endpoint could be made',
    fix: 'check host, port, name resolution and what stands between',
  },
  EndpointNotTls: {
    means: 'the endpoint answered, but not in TLS',
    fix: 'dial its TLS port; for a bookie add --protocol bookkeeper+tls',
  },
  EndpointRefused: {
    means: 'the endpoint ended the handshake',
    fix: 'present a client certificate of an authority that it trusts: --cert FILE --key FILE',
  },
} as const;
