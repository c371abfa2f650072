import { describe, expect, it } from 'vitest';
import { planOf } from '../../../aws/testing/templates.js';
import { MINIMAL } from '../../../config/testing/configs.js';
import type { Manifest } from '../../../edges/kubernetes.js';
import { diskFindings, kubeletFindings, nodeZoneFindings } from './node-findings.js';

const plan = planOf(MINIMAL);
const object = (text: object) => text as unknown as Manifest;
const told = (findings: readonly { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${code} ${severity}`);

const node = (name: string, zone: string, more: object = {}) =>
  object({
    metadata: { name, labels: { 'platform/tier': 'stateful', 'topology.kubernetes.io/zone': zone } },
    status: {
      nodeInfo: { kubeletVersion: 'v1.35.1-eks-1' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    ...more,
  });
const zones = plan.network.zones.map(({ name }) => name);
const nodes = zones.flatMap(zone => ['a', 'b', 'c'].map(letter => node(`${zone}-${letter}`, zone)));

it('versions of nodes may be behind, but not by three', () => {
  const old = (kubeletVersion: string) =>
    node('old', zones[0] ?? '', { status: { nodeInfo: { kubeletVersion } } });
  expect(kubeletFindings(nodes, '1.35')).toEqual([]);
  expect(told(kubeletFindings([...nodes, old('v1.34.2')], '1.35'))).toEqual(['KubeletBehind warning']);
  expect(told(kubeletFindings([old('v1.32.9')], '1.35'))).toEqual(['KubeletBehind error']);
});

describe('zones', () => {
  it('have the nodes of the plan, ready and not cordoned', () => {
    expect(nodeZoneFindings(plan, nodes)).toEqual([]);
    const [zone = ''] = zones;
    const cordoned = nodes.map(each =>
      each.metadata?.name?.startsWith(zone) ? { ...each, spec: { unschedulable: true } } : each,
    );
    expect(nodeZoneFindings(plan, cordoned)).toMatchObject([{ code: 'ZoneLacksNodes', saw: '0 ready' }]);
  });

  it('of disks have a node', () => {
    const disk = (zone: string, namespace = 'pulsar') =>
      object({
        metadata: { name: 'pv-1' },
        spec: {
          claimRef: { namespace, name: 'journal-0' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: [zone] }] },
              ],
            },
          },
        },
      });
    const own = new Set(['pulsar']);
    expect(diskFindings([disk(zones[0] ?? '')], nodes, own)).toEqual([]);
    expect(told(diskFindings([disk('eu-central-1f')], nodes, own))).toEqual(['DiskWithoutNode error']);
    expect(diskFindings([disk('eu-central-1f', 'somebody')], nodes, own)).toEqual([]);
    const kept = { ...disk('eu-central-1f'), status: { phase: 'Released' } } as Manifest;
    expect(diskFindings([kept], nodes, own)).toEqual([]);
  });
});
