import { isMapping } from '../../../charts/helm/shape.js';
import { TIER_LABEL } from '../../plan/index.js';
import { define } from '../define.js';

export const zoneWithoutNodes = define(
  {
    code: 'ZoneWithoutNodes',
    group: 'storage',
    severity: 'error',
    happens:
      'Bookies of a zone without nodes stay pending; messages stand in fewer zones than everybody believes.',
    why: 'A disk and its pod belong to a zone. Where the stateful tier has no group of nodes, there is nothing that could run them.',
    source: 'https://github.com/streamnative/charts/issues/115',
    examples: {
      bad: {
        templates:
          'Resources: { A: { Type: AWS::EKS::Nodegroup, Properties: { NodegroupName: voice-stateful-a, Subnets: [subnet-a], Labels: { platform/tier: stateful } } } }',
      },
      good: {
        templates: `Resources:
  A: { Type: AWS::EKS::Nodegroup, Properties: { NodegroupName: voice-stateful-a, Subnets: [subnet-a], Labels: { platform/tier: stateful } } }
  B: { Type: AWS::EKS::Nodegroup, Properties: { NodegroupName: voice-stateful-b, Subnets: [subnet-b], Labels: { platform/tier: stateful } } }
  C: { Type: AWS::EKS::Nodegroup, Properties: { NodegroupName: voice-stateful-c, Subnets: [subnet-c], Labels: { platform/tier: stateful } } }`,
      },
    },
  },
  {
    needs: ['plan'],
    templates: (resources, { plan }) => {
      const groups = resources.of('AWS::EKS::Nodegroup').filter(({ properties: { Labels: labels } }) => {
        return isMapping(labels) && labels[TIER_LABEL] === 'stateful';
      });
      const [first] = groups;
      if (first === undefined || plan === undefined) return [];
      const zones = plan.nodeGroups.filter(({ tier }) => tier === 'stateful').flatMap(group => group.zones);
      return groups.length >= zones.length
        ? []
        : [
            {
              resource: first,
              message: `pods with disks shall run in ${zones.length} zones, and there are node groups for ${groups.length}`,
              saw: `${groups.length} ${groups.length === 1 ? 'group' : 'groups'}`,
              want: `a group in each of ${zones.join(', ')}`,
            },
          ];
    },
  },
);
