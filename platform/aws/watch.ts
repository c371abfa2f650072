import * as cw from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/index.js';
import { PlatformStack } from './stack.js';
import { type AlarmPlan, alarmsOf, type Watched } from './watch/alarms.js';
import { budget } from './watch/budget.js';
import { dashboard } from './watch/dashboard.js';

/** Budget, alarms and a dashboard for what is outside of Kubernetes; what is inside, Prometheus watches. */
export class WatchStack extends PlatformStack {
  constructor(scope: Construct, plan: ClusterPlan, watched: Watched) {
    super(scope, plan, 'watch', 'budget, alarms, dashboard');
    const topic = this.#topic();
    const alarms = alarmsOf(plan, watched).map(each => ({ plan: each, alarm: this.#alarm(each, topic) }));
    dashboard(this, plan, alarms, watched);
    budget(this, plan);
  }

  /** Where alarms go. Without an address they are only shown. */
  #topic(): Topic | undefined {
    const { email } = this.plan.config.watch;
    if (email === undefined) return undefined;
    const topic = new Topic(this, 'alarms', {
      displayName: `alarms of ${this.plan.names.prefix}`,
      enforceSSL: true,
    });
    topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  #alarm({ id, what, metric, threshold, comparison, periods = 1 }: AlarmPlan, topic?: Topic): cw.Alarm {
    const alarm = new cw.Alarm(this, id, {
      alarmName: `${this.plan.names.prefix}-${id}`,
      alarmDescription: what,
      metric,
      threshold,
      comparisonOperator: comparison,
      evaluationPeriods: periods,
      treatMissingData: cw.TreatMissingData.NOT_BREACHING,
    });
    if (topic) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
    return alarm;
  }
}
