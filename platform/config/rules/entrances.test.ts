import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

const CASES: readonly Case[] = [
  [
    'BoundsReversed',
    'services.images.scaling.min',
    'services: {images: {scaling: {min: 7}}}',
    'services: {images: {scaling: {min: 6}}}',
  ],
  [
    'IngressNginxRetired',
    'entrances.http.kind',
    'entrances: {http: {kind: ingress-nginx}}',
    'entrances: {http: {kind: nginx}}',
  ],
  [
    'GatewayUnsupported',
    'entrances.http.kind',
    'cluster: {kubernetesVersion: "1.32"}\nentrances: {http: {kind: gateway}}',
    'entrances: {http: {kind: gateway}}',
  ],
  [
    'EntranceOpenToWorld',
    'entrances.pulsar.allow',
    'entrances: {pulsar: {scheme: internet-facing, allow: [0.0.0.0/0]}}',
    'entrances: {pulsar: {scheme: internet-facing, allow: [203.0.113.0/24]}}',
  ],
  [
    'EntranceOpenToWorld',
    'entrances.http.adminAllow',
    'entrances: {http: {adminAllow: [0.0.0.0/0]}}',
    'entrances: {http: {adminAllow: [203.0.113.0/24]}}',
  ],
  [
    'WebSocketUnserved',
    'entrances.http.websocket',
    'entrances: {http: {websocket: true}}\npulsar: {websocket: off}',
    'entrances: {http: {websocket: true}}',
  ],
  [
    'WafInside',
    'entrances.http.waf',
    'entrances: {http: {scheme: internal, waf: true}}',
    'entrances: {http: {waf: true}}',
  ],
  [
    'BacklogAbsent',
    'web.scaling.kind',
    'web: {scaling: {kind: backlog}}',
    'services: {images: {scaling: {kind: backlog}}}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
