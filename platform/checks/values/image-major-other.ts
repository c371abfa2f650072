import { PULSAR_CHART, PULSAR_IMAGES } from '../../../charts/pulsar/index.js';
import type { Problem } from '../rule.js';
import type { Values } from './reader.js';
import { valuesRule } from './values-rule.js';

const MAJOR = majorOf(PULSAR_CHART.appVersion);

export const imageMajorOther = valuesRule(
  {
    code: 'ImageMajorOther',
    group: 'upgrades',
    severity: 'warning',
    happens:
      'A setting that the other Pulsar does not know is ignored without a word, the switches of TLS among them, or a pod ends at once because a script of the chart asks for what its image lacks.',
    why: `Templates, start scripts and names of settings of chart ${PULSAR_CHART.version} are those of Pulsar ${PULSAR_CHART.appVersion}; nobody has tried them with another major version.`,
    source: 'https://github.com/apache/pulsar-helm-chart#readme',
    examples: {
      bad: { values: 'images: { broker: { repository: apachepulsar/pulsar-all, tag: 3.0.9 } }' },
      good: {
        values: `images: { broker: { repository: apachepulsar/pulsar-all, tag: ${PULSAR_CHART.appVersion} } }`,
      },
    },
  },
  values => [
    ...problemOf(values, 'defaultPulsarImageTag', 'defaultPulsarImageRepository'),
    ...PULSAR_IMAGES.flatMap(name => problemOf(values, `images.${name}.tag`, `images.${name}.repository`)),
  ],
);

function problemOf(values: Values, path: string, repositoryPath: string): Problem[] {
  const tag = values.given(path);
  const repository = values.text(repositoryPath) || values.text('defaultPulsarImageRepository') || '';
  // Whoever builds images of his own may number them as he likes.
  if (typeof tag !== 'string' || !/(^|\/)pulsar(-all)?$/.test(repository)) return [];
  const major = majorOf(tag);
  return major === undefined || major === MAJOR
    ? []
    : [
        {
          path: path.split('.'),
          message: `Pulsar ${major} shall run by a chart that is made for Pulsar ${MAJOR}`,
          saw: tag,
          want: `${MAJOR}.x, such as ${PULSAR_CHART.appVersion}`,
        },
      ];
}

/** The 4 of `4.0.12` or `4.1.0-rc1`; undefined for what is no version. */
function majorOf(tag: string): string | undefined {
  return /^v?(\d+)\.\d+/.exec(tag)?.[1];
}
