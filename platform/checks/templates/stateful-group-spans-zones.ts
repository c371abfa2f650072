import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf } from './reader.js';

export const statefulGroupSpansZones = define(
  {
    code: 'StatefulGroupSpansZones',
    group: 'storage',
    severity: 'error',
    happens:
      'After a node is lost, the group makes the new one in another zone: the bookie stays pending, since its disk cannot follow.',
    why: 'An Auto Scaling group balances over its zones, not over disks. Zonal disks need one group a zone.',
    source: 'https://github.com/streamnative/charts/issues/115',
    examples: {
      bad: {
        templates:
          'Resources: { Bookies: { Type: AWS::EKS::Nodegroup, Properties: { Subnets: [subnet-a, subnet-b], Labels: { platform/tier: stateful } } } }',
      },
      good: {
        templates:
          'Resources: { Bookies: { Type: AWS::EKS::Nodegroup, Properties: { Subnets: [subnet-a], Labels: { platform/tier: stateful } } } }',
      },
    },
  },
  {
    templates: resources =>
      resources.of('AWS::EKS::Nodegroup').flatMap(resource => {
        const labels = resource.properties['Labels'];
        const subnets = listOf(resource.properties['Subnets']);
        const stateful =
          isMapping(labels) &&
          Object.values(labels).some(label => /stateful|bookie|storage/.test(String(label)));
        return stateful && subnets.length > 1
          ? [
              {
                resource,
                path: ['Subnets'],
                message: `node group ${resource.id} is for pods with disks and spans zones`,
                saw: `${subnets.length} subnets`,
                want: 'one group for each zone',
              },
            ]
          : [];
      }),
  },
);
