import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind, podTemplates, texts } from '../objects/reader.js';

const PREFIX = 'nginx.ingress.kubernetes.io/';
const WANT = "F5's NGINX Ingress Controller or a Gateway API implementation";

export const ingressNginxRetired = define(
  {
    code: 'IngressNginxRetired',
    group: 'network',
    severity: 'warning',
    happens: 'Security holes of the controller that everybody outside reaches stay open for ever.',
    why: 'ingress-nginx was retired in March 2026; its annotations belong to it alone.',
    source: 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
    fixInFiles:
      "serve it by F5's NGINX Ingress Controller or a Gateway API implementation, and replace the annotations",
    examples: {
      bad: {
        values:
          'proxy: { ingress: { enabled: true, hostname: admin.example.com, annotations: { nginx.ingress.kubernetes.io/backend-protocol: HTTPS } } }',
      },
      good: {
        values: 'proxy: { ingress: { enabled: true, hostname: admin.example.com, ingressClassName: alb } }',
      },
    },
  },
  {
    config: true,
    values: values =>
      ['proxy', 'pulsar_manager'].flatMap(component => {
        const annotations = texts(values.get(`${component}.ingress.annotations`));
        const key = Object.keys(annotations).find(name => name.startsWith(PREFIX));
        return values.isOn(`${component}.ingress.enabled`) && key !== undefined
          ? [
              {
                path: [component, 'ingress', 'annotations', key],
                message: `the ingress of ${component} is made for ingress-nginx, which is retired`,
                saw: key,
                want: WANT,
              },
            ]
          : [];
      }),
    objects: objects => [
      ...ofKind(objects, 'Ingress').flatMap(at => {
        const key = Object.keys(texts(at.object.metadata.annotations)).find(name => name.startsWith(PREFIX));
        return key === undefined
          ? []
          : [
              {
                at,
                path: ['metadata', 'annotations', key],
                message: `Ingress ${at.object.metadata.name} is made for ingress-nginx, which is retired`,
                saw: key,
                want: WANT,
              },
            ];
      }),
      ...ofKind(objects, 'IngressClass')
        .filter(({ object }) => valueAt(object, ['spec', 'controller']) === 'k8s.io/ingress-nginx')
        .map(at => ({
          at,
          path: ['spec', 'controller'],
          message: `IngressClass ${at.object.metadata.name} is served by ingress-nginx, which is retired`,
          saw: 'k8s.io/ingress-nginx',
          want: WANT,
        })),
      ...podTemplates(objects).flatMap(({ at, containers }) =>
        containers
          .filter(({ spec }) => /(^|\/)ingress-nginx\/controller[:@]/.test(String(spec['image'])))
          .map(({ path, spec }) => ({
            at,
            path: [...path, 'image'],
            message: `${at.object.metadata.name} is ingress-nginx, which is retired`,
            saw: spec['image'],
            want: WANT,
          })),
      ),
    ],
  },
);
