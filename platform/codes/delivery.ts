/** Codes of what runs outside of the cluster, and of how images get there. */
export const DELIVERY_CODES = {
  FargateHasNoDisk: {
    means: 'a Fargate task cannot keep a database on disk',
    fix: 'set services.database.kind: postgres, or web.runOn: eks',
  },
  FargateSizeUnfit: {
    means: 'Fargate offers no task with this CPU and memory',
    fix: 'choose one of the sizes wanted, or web.runOn: eks',
  },
  FargateNeedsEntrance: {
    means:
      'web on Fargate reaches Pulsar and the thread service through the internal NLB, which is not there',
    fix: 'set entrances.pulsar: { kind: nlb, scheme: internal }, or web.runOn: eks',
  },
  FargateNeedsStore: {
    means: 'a Fargate task gets its secrets from a store of AWS, and the config keeps them in files',
    fix: 'set secrets.kind: secretsManager or parameterStore, or web.runOn: eks',
  },
  FargateImageMissing: {
    means: 'a Fargate task cannot begin without an image; what is delivered later takes its place',
    fix: 'name the first image as web.image, or set web.runOn: eks',
  },
} as const;
