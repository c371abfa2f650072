import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from './reader.js';

export const diskUnencrypted = define(
  {
    code: 'DiskUnencrypted',
    group: 'storage',
    severity: 'error',
    happens:
      'Messages lie on disks and in their snapshots as plain text, and a disk cannot be encrypted later: each must be replaced.',
    why: 'An EBS class encrypts only when it says so, unless the account does it by default; the chart knows no encryption at all.',
    source: 'https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md',
    examples: {
      bad: {
        objects:
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: gp3 }\nprovisioner: ebs.csi.aws.com\nparameters: { type: gp3 }\nallowVolumeExpansion: true\nvolumeBindingMode: WaitForFirstConsumer',
      },
      good: {
        objects:
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: gp3 }\nprovisioner: ebs.csi.aws.com\nparameters: { type: gp3, encrypted: "true" }\nallowVolumeExpansion: true\nvolumeBindingMode: WaitForFirstConsumer',
      },
    },
  },
  {
    objects: objects =>
      ofKind(objects, 'StorageClass')
        .filter(
          ({ object }) =>
            /ebs/.test(String(object['provisioner'])) &&
            String(valueAt(object, ['parameters', 'encrypted'])) !== 'true',
        )
        .map(at => ({
          at,
          path: ['parameters', 'encrypted'],
          message: `disks of StorageClass ${at.object.metadata.name} are not encrypted`,
          saw: valueAt(at.object, ['parameters', 'encrypted']) ?? 'nothing',
          want: '"true"',
        })),
  },
);
