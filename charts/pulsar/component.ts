import { NAMESPACES, PULSAR_RELEASE } from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import { PULSAR_CHART } from './catalogue/index.js';
import { chartPatches } from './patch.js';
import { pulsarRelease } from './release.js';

/** Pulsar itself, by its official chart. */
export const pulsar: Component = {
  name: 'pulsar',
  stage: 'pulsar',
  releases: ({ plan }) => [
    {
      name: PULSAR_RELEASE,
      namespace: NAMESPACES.pulsar,
      stage: 'pulsar',
      chart: PULSAR_CHART.name,
      version: PULSAR_CHART.version,
      appVersion: PULSAR_CHART.appVersion,
      repository: PULSAR_CHART.repository,
      ...(plan.config.pulsar.chartDigest !== undefined && { digest: plan.config.pulsar.chartDigest }),
      values: pulsarRelease(plan).values,
      patches: chartPatches(plan),
    },
  ],
};
