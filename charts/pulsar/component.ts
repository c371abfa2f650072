import { NAMESPACES, PULSAR_RELEASE } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import { addKeyServer } from '../keys/index.js';
import { PULSAR_CHART, type PulsarValues } from './catalogue/index.js';
import { chartPatches } from './patch.js';
import { pulsarRelease } from './release.js';

/** Pulsar itself, by its official chart. */
export const pulsar: Component = {
  name: 'pulsar',
  stage: 'pulsar',
  objects: addKeyServer,
  releases: ({ plan }) => [
    {
      name: PULSAR_RELEASE,
      namespace: NAMESPACES.pulsar,
      stage: 'pulsar',
      chart: PULSAR_CHART.name,
      version: PULSAR_CHART.version,
      appVersion: PULSAR_CHART.appVersion,
      repository: PULSAR_CHART.repository,
      ...(plan.config.pulsar.chartDigest !== undefined && {
        digest: plan.config.pulsar.chartDigest,
        pinned: true,
      }),
      ...withImages(pulsarRelease(plan).values),
      patches: chartPatches(plan),
    },
  ],
};

/** One image for all, but for the components to which `pulsar.values` gives one of their own. */
function withImages(values: PulsarValues) {
  const { defaultPulsarImageRepository: repository, defaultPulsarImageTag: tag, images = {} } = values;
  const own = Object.values(images).flatMap(image => {
    // Beside the images stand the secrets to pull them with.
    if (image === undefined || 'length' in image) return [];
    return image.repository || image.tag ? [`${image.repository || repository}:${image.tag || tag}`] : [];
  });
  return { values, images: [...new Set([`${repository}:${tag}`, ...own])] };
}
