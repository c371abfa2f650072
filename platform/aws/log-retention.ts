/**
 * Days that CloudWatch Logs can keep a log group for.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const STEPS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The shortest time that CloudWatch Logs can keep which is not shorter than asked. */
export function retentionOf(days: number): number {
  return STEPS.find(step => step >= days) ?? 3653;
}
