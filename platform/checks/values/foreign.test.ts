import { describe, expect, it } from 'vitest';
import { runRules } from '../engine.js';
import type { Rule } from '../rule.js';
import { subjectOf } from '../testing/subject.js';
import { backlogEvicted } from './backlog-evicted.js';
import { hostnameUnverified } from './hostname-unverified.js';
import { imageMajorOther } from './image-major-other.js';
import { journalUnsynced } from './journal-unsynced.js';
import { tlsVerificationOff } from './tls-verification-off.js';

const paths = (rule: Rule, values: string) =>
  runRules([rule], subjectOf({ values }, rule)).findings.map(({ where }) => where?.path);

describe('JournalUnsynced', () => {
  it.each([
    ['journalSyncData: "false"', 'journalSyncData'],
    ['journalSyncData: false', 'journalSyncData'],
    ['journalSyncData: "No"', 'journalSyncData'],
    ['PULSAR_PREFIX_journalSyncData: "false", journalSyncData: "true"', 'PULSAR_PREFIX_journalSyncData'],
    ['journalWriteData: "false"', 'journalWriteData'],
  ])('finds %s', (setting, key) => {
    expect(paths(journalUnsynced, `bookkeeper: { configData: { ${setting} } }`)).toEqual([
      `bookkeeper.configData.${key}`,
    ]);
  });

  it.each([
    'bookkeeper: { configData: { PULSAR_PREFIX_journalSyncData: "true", journalSyncData: "false" } }',
    'broker: { configData: { journalSyncData: "false" } }',
  ])('takes no notice of %s, which no bookie reads', values => {
    expect(paths(journalUnsynced, values)).toEqual([]);
  });
});

describe('BacklogEvicted', () => {
  it.each(['backlogQuotaDefaultRetentionPolicy', 'PULSAR_PREFIX_backlogQuotaDefaultRetentionPolicy'])(
    'finds %s, without a limit too',
    key => {
      const values = `broker: { configData: { ${key}: consumer_backlog_eviction } }`;
      expect(paths(backlogEvicted, values)).toEqual([`broker.configData.${key}`]);
    },
  );
});

describe('ImageMajorOther', () => {
  it('finds the tag of all images, and of one', () => {
    const values = 'defaultPulsarImageTag: 3.3.1\nimages: { bookie: { tag: 5.0.0-rc1 } }';
    expect(paths(imageMajorOther, values)).toEqual(['defaultPulsarImageTag', 'images.bookie.tag']);
  });

  it.each([
    'defaultPulsarImageTag: 4.1.2',
    'defaultPulsarImageTag: latest',
    'images: { broker: { repository: registry.example.com/our-broker, tag: 2026.11.1 } }',
    'images: { kubectl: { repository: bitnami/kubectl, tag: 1.33.0 } }',
  ])('leaves %s alone', values => {
    expect(paths(imageMajorOther, values)).toEqual([]);
  });
});

describe('TlsVerificationOff', () => {
  const KEYS = [
    ['broker', 'tlsHostnameVerificationEnabled'],
    ['broker', 'PULSAR_PREFIX_tlsHostnameVerificationEnabled'],
    ['proxy', 'tlsHostnameVerificationEnabled'],
    ['toolset', 'tlsEnableHostnameVerification'],
    ['toolset', 'PULSAR_PREFIX_tlsEnableHostnameVerification'],
    ['broker', 'PULSAR_PREFIX_brokerClient_tlsHostnameVerificationEnable'],
  ] as const;
  const rules = [tlsVerificationOff, hostnameUnverified];
  const found = (component: string, setting: string) =>
    runRules(
      rules,
      subjectOf(
        {
          values: `tls: { enabled: true, broker: { enabled: true } }\n${component}: { configData: { ${setting} } }`,
        },
        tlsVerificationOff,
      ),
    ).findings.filter(({ where }) => where?.path?.startsWith(`${component}.`));

  it.each(KEYS)('wants of %s, for %s, what HostnameUnverified wants too', (component, key) => {
    const before = found(component, `${key}: "false"`);
    const off = before.find(({ code }) => code === 'TlsVerificationOff');
    expect(off?.fix).toContain(off?.want);
    const hop = before.find(({ code }) => code === 'HostnameUnverified');
    if (!key.includes('brokerClient')) expect(off?.want).toBe(hop?.want);
    const after = found(component, off?.want ?? '');
    expect(after.filter(({ want }) => want === off?.want)).toEqual([]);
    expect(after.map(({ code }) => code)).not.toContain('TlsVerificationOff');
  });

  it('reads a false that is written otherwise', () => {
    expect(found('broker', 'PULSAR_PREFIX_tlsAllowInsecureConnection: "True"')[0]).toMatchObject({
      code: 'TlsVerificationOff',
      want: '"false"',
    });
  });
});
