import { define } from '../define.js';
import { ofKind } from './reader.js';

export const diskCannotGrow = define(
  {
    code: 'DiskCannotGrow',
    group: 'storage',
    severity: 'warning',
    happens:
      'The disks of the bookies fill, they turn read-only, and the only way out is to move every ledger to new ones.',
    why: 'A claim can be made larger only when its class allows it, and the template of a StatefulSet cannot be changed at all.',
    source: 'https://github.com/awslabs/data-on-eks/issues/1101',
    examples: {
      bad: {
        objects:
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: gp3 }\nprovisioner: ebs.csi.aws.com\nparameters: { type: gp3, encrypted: "true" }\nvolumeBindingMode: WaitForFirstConsumer',
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
            /ebs/.test(String(object['provisioner'])) && object['allowVolumeExpansion'] !== true,
        )
        .map(at => ({
          at,
          path: ['allowVolumeExpansion'],
          message: `disks of StorageClass ${at.object.metadata.name} cannot grow`,
          saw: at.object['allowVolumeExpansion'] ?? 'nothing',
          want: 'true',
        })),
  },
);
