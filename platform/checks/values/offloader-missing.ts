import { at, valuesRule } from './values-rule.js';

export const offloaderMissing = valuesRule(
  {
    code: 'OffloaderMissing',
    group: 'storage',
    severity: 'error',
    happens: 'Brokers end in a crash loop: "No offloader found for driver \'aws-s3\'".',
    why: 'The offloaders are in the image pulsar-all only, and the driver for S3 is called aws-s3.',
    source: 'https://github.com/apache/pulsar/issues/13375',
    examples: {
      bad: {
        values:
          'defaultPulsarImageRepository: apachepulsar/pulsar\nbroker: { storageOffload: { driver: aws-s3, bucket: ledgers, region: eu-central-1 } }',
      },
      good: {
        values: 'broker: { storageOffload: { driver: aws-s3, bucket: ledgers, region: eu-central-1 } }',
      },
    },
  },
  values => {
    const driver = values.text('broker.storageOffload.driver');
    if (!driver) return [];
    const image =
      values.text('images.broker.repository') || values.text('defaultPulsarImageRepository') || '';
    if (/(^|\/)pulsar$/.test(image)) {
      return [
        {
          path: at('broker.storageOffload.driver'),
          message: `the image ${image} has no offloaders`,
          saw: image,
          want: 'apachepulsar/pulsar-all, or an image with the offloaders',
        },
      ];
    }
    return driver.toLowerCase() === 's3'
      ? [
          {
            path: at('broker.storageOffload.driver'),
            message: 'there is no driver of this name for AWS',
            saw: driver,
            want: 'aws-s3',
          },
        ]
      : [];
  },
);
