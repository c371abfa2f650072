import { ApiObject } from 'cdk8s';
import type { Component } from '../component.js';
import { DASHBOARDS, dashboards } from './dashboards/index.js';
import { MONITORING } from './names.js';
import { definitionsRelease, stackRelease } from './release.js';
import { alertRules } from './rules/index.js';
import { podMonitors } from './scrape.js';

/** Kinds of the Prometheus operator. They come first, since Pulsar's own chart has monitors too. */
export const monitoringDefinitions: Component = {
  name: 'monitoring-definitions',
  stage: 'operators',
  releases: ({ plan }) => (plan.config.observability.kind === 'prometheus' ? [definitionsRelease()] : []),
};

/**
 * What is scraped, what is alarming, and what is shown; then the stack itself, which serves with certificates of the
 * platform and mounts the dashboards.
 */
export const observability: Component = {
  name: 'observability',
  stage: 'secrets',
  objects: (chart, { plan }) => {
    const { observability: choice } = plan.config;
    if (choice.kind !== 'prometheus') return;
    for (const { name, namespace, spec } of podMonitors(plan)) {
      new ApiObject(chart, `monitor-${name}`, {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name, namespace },
        spec,
      });
    }
    new ApiObject(chart, 'rules', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'platform', namespace: MONITORING.namespace },
      spec: { groups: alertRules(plan) },
    });
    new ApiObject(chart, 'metrics-tls', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: MONITORING.webConfig, namespace: MONITORING.namespace },
      data: { 'web.yaml': MONITORING.webConfigText },
    });
    if (!choice.grafana) return;
    new ApiObject(chart, 'dashboards', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: DASHBOARDS, namespace: MONITORING.namespace },
      data: Object.fromEntries(
        dashboards(plan).map(board => [`${board.uid}.json`, `${JSON.stringify(board, null, 1)}\n`]),
      ),
    });
  },
  releases: ({ plan }) => (plan.config.observability.kind === 'prometheus' ? [stackRelease(plan)] : []),
};
