/** Stages of an installation that bring objects, in their order; `ClusterPlan.stages` says what each waits for. */
export const STAGES = ['base', 'operators', 'trust', 'secrets', 'pulsar', 'services'] as const;
export type StageName = (typeof STAGES)[number];
