import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from '../objects/reader.js';
import { DISKS } from '../values/disks.js';

export const zonalDiskImmediate = define(
  {
    code: 'ZonalDiskImmediate',
    group: 'storage',
    severity: 'error',
    happens:
      'The disk is made in a zone where its pod may not run, or no node is: the pod stays pending for ever with "volume node affinity conflict".',
    why: 'An EBS volume belongs to one zone. Unless the class waits for the first consumer, the zone is chosen before the pod is placed. Classes that the chart makes itself do not wait.',
    source: 'https://github.com/kubernetes/kubernetes/issues/34583',
    examples: {
      bad: {
        objects:
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: gp3 }\nprovisioner: ebs.csi.aws.com\nparameters: { type: gp3, encrypted: "true" }\nallowVolumeExpansion: true',
      },
      good: {
        objects:
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: gp3 }\nprovisioner: ebs.csi.aws.com\nparameters: { type: gp3, encrypted: "true" }\nallowVolumeExpansion: true\nvolumeBindingMode: WaitForFirstConsumer',
      },
    },
  },
  {
    values: values =>
      DISKS.filter(disk => isMapping(values.given(`${disk}.storageClass`))).map(disk => ({
        path: [...disk.split('.'), 'storageClass'],
        message: `the class that the chart makes for ${disk} chooses a zone before the pod is placed`,
        saw: values.given(`${disk}.storageClass`),
        want: 'storageClassName of a class of your own, with volumeBindingMode: WaitForFirstConsumer',
      })),
    objects: objects =>
      ofKind(objects, 'StorageClass')
        .filter(
          ({ object }) =>
            /ebs/.test(String(object['provisioner'])) &&
            object['volumeBindingMode'] !== 'WaitForFirstConsumer',
        )
        .map(at => ({
          at,
          path: ['volumeBindingMode'],
          message: `StorageClass ${at.object.metadata.name} chooses a zone before the pod is placed`,
          saw: at.object['volumeBindingMode'] ?? 'Immediate, the default',
          want: 'WaitForFirstConsumer',
        })),
  },
);
