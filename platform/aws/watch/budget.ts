import { Annotations } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { type ClusterPlan, PLATFORM_TAG } from '../../plan/index.js';
import { AS_OF, billOf, defaultUsage } from '../cost/index.js';

/** A budget of what the platform is expected to cost; word goes out before it is used up. */
export function budget(scope: Construct, plan: ClusterPlan): void {
  const { names, config } = plan;
  // By the prices of a fixed day: the same config gives the same template on every day.
  const { bill } = billOf(plan, defaultUsage(plan), AS_OF);
  const limit = config.watch.budgetUsd ?? (bill && Math.ceil(bill.total));
  if (limit === undefined) {
    Annotations.of(scope).addWarningV2(
      'platform:budget',
      `there is no budget, since not everything has a known price in ${plan.region}; give watch.budgetUsd`,
    );
    return;
  }
  const { email } = config.watch;
  const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      comparisonOperator: 'GREATER_THAN',
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
    },
    subscribers: [{ subscriptionType: 'EMAIL', address: email ?? '' }],
  });
  new CfnBudget(scope, 'budget', {
    budget: {
      budgetName: names.prefix,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: limit, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${PLATFORM_TAG}$${names.prefix}`] },
    },
    ...(email !== undefined && {
      notificationsWithSubscribers: [notify('ACTUAL', 80), notify('ACTUAL', 100), notify('FORECASTED', 100)],
    }),
  });
}
