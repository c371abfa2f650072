import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { podTemplates } from '../objects/reader.js';
import type { Problem } from '../rule.js';

/** `latest`, `main`, `3`, `4.0`: the next pull may be another program. */
const FLOATS = /^(latest|stable|main|master|edge|nightly|\d+|\d+\.\d+)$/;

export const imageTagFloats = define(
  {
    code: 'ImageTagFloats',
    group: 'upgrades',
    severity: 'error',
    happens:
      'A pod that is moved comes back with another version than its neighbours: brokers or bookies of two versions that nobody tried together, and no way back.',
    why: 'Such a tag names whatever was pushed last; it is pulled again on every new node.',
    source: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    examples: {
      bad: { values: 'defaultPulsarImageTag: latest' },
      good: { values: 'defaultPulsarImageTag: 4.0.12' },
    },
  },
  {
    values: values => {
      const images = values.given('images');
      const named = isMapping(images) ? Object.keys(images) : [];
      return ['defaultPulsarImageTag', ...named.map(name => `images.${name}.tag`)].flatMap(
        (path): Problem[] => {
          const tag = values.given(path);
          return (typeof tag === 'string' || typeof tag === 'number') && FLOATS.test(String(tag))
            ? [
                {
                  path: path.split('.'),
                  message: 'the tag names another image tomorrow',
                  saw: tag,
                  want: 'a full version, such as 4.0.12, or a digest',
                },
              ]
            : [];
        },
      );
    },
    objects: objects =>
      podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(({ name, path, spec }) => {
          const image = String(spec['image'] ?? '');
          const tag = /:([^:/@]+)(@sha256:.+)?$/.exec(image)?.[1];
          if (image === '' || image.includes('@sha256:') || (tag !== undefined && !FLOATS.test(tag)))
            return [];
          return [
            {
              at,
              path: [...path, 'image'],
              message: `the image of container ${name} may be another one tomorrow`,
              saw: image,
              want: 'a full version or a digest',
            },
          ];
        }),
      ),
  },
);
