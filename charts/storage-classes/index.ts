import { ApiObject } from 'cdk8s';
import type { Component } from '../component.js';

/**
 * gp3, encrypted, and bound to the zone of the first pod that uses the disk: bound at once, it could lie in a zone in
 * which that pod can't run. A disk outlives its claim, since it may hold the only copy of a message.
 */
export const storageClasses: Component = {
  name: 'storage-classes',
  stage: 'base',
  objects: (chart, { plan }) => {
    for (const { name, iops, throughputMiB } of plan.storageClasses) {
      new ApiObject(chart, name, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'ebs.csi.aws.com',
        parameters: {
          type: 'gp3',
          encrypted: 'true',
          iops: String(iops),
          throughput: String(throughputMiB),
          'csi.storage.k8s.io/fstype': 'ext4',
        },
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
        volumeBindingMode: 'WaitForFirstConsumer',
      });
    }
  },
};
