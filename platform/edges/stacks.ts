import {
  BaseCredentials,
  DiffMethod,
  type IIoHost,
  StackSelectionStrategy,
  Toolkit,
  ToolkitError,
} from '@aws-cdk/toolkit-lib';
import { PlatformError } from '../errors.js';
import type { Report } from '../report.js';
import { settled } from './stack-status.js';

/** One resource of a stack that a deployment would change. */
export interface ResourceChange {
  readonly stack: string;
  readonly logicalId: string;
  /** `AWS::EKS::Cluster` */
  readonly type: string;
  readonly action: 'create' | 'change' | 'delete';
  /** A change that CloudFormation carries out by a new resource in the place of the old one. */
  readonly replaces: boolean;
  readonly properties: readonly {
    readonly path: string;
    readonly before?: unknown;
    readonly after?: unknown;
  }[];
}

/** CloudFormation stacks, as the CDK deploys them. */
export interface Stacks {
  /** Against what is deployed. Changes nothing. */
  changes(): Promise<ResourceChange[]>;
  /** Deploys these in the order of dependencies; what has not changed is left alone. */
  deploy(stackNames: readonly string[]): Promise<void>;
  /** Destroys these stacks; what a stack retains stays. */
  destroy(stackNames: readonly string[]): Promise<void>;
}

export interface StacksOptions {
  /** Folder of a synthesized cloud assembly. */
  readonly assembly: string;
  readonly region: string;
  readonly report: Report;
  /** CloudFormation itself can't be interrupted: it goes on, and nobody waits for it. */
  readonly signal: AbortSignal;
}

/** @throws StackBusy, StackFailed, CredentialsMissing, Interrupted */
export function stacks({ assembly, region, report, signal }: StacksOptions): Stacks {
  const toolkit = new Toolkit({
    ioHost: ioHost(report),
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible({ defaultRegion: region }) },
  });
  const source = () => toolkit.fromAssemblyDirectory(assembly);
  const told = <T>(work: () => Promise<T>) => unlessInterrupted(signal, () => inOurWords(work));
  return {
    changes: () =>
      told(async () => {
        const diffs = await toolkit.diff(await source(), { method: DiffMethod.TemplateOnly() });
        return Object.entries(diffs).flatMap(([stack, diff]) => changesIn(stack, diff));
      }),
    deploy: stackNames =>
      told(async () => {
        await settled({ region, stackNames, report, signal });
        await toolkit.deploy(await source(), {
          stacks: named(stackNames),
          // What an earlier stack of this platform retained has a name by plan, and would be in its own way.
          deploymentMethod: { method: 'change-set', importExistingResources: true },
        });
      }),
    destroy: stackNames =>
      told(async () => {
        await settled({ region, stackNames, report, signal });
        await toolkit.destroy(await source(), { stacks: named(stackNames) });
      }),
  };
}

function named(stackNames: readonly string[]) {
  return { strategy: StackSelectionStrategy.PATTERN_MATCH, patterns: [...stackNames] };
}

type StackDifference = Awaited<ReturnType<Toolkit['diff']>>[string];

/** The changes of a stack in our words. */
export function changesIn(stack: string, { resources }: StackDifference): ResourceChange[] {
  return resources.logicalIds.flatMap((logicalId): ResourceChange[] => {
    const change = resources.get(logicalId);
    if (!change.isDifferent) return [];
    return [
      {
        stack,
        logicalId,
        type: change.newResourceType ?? change.oldResourceType ?? '',
        action: change.isAddition ? 'create' : change.isRemoval ? 'delete' : 'change',
        replaces: change.changeImpact === 'WILL_REPLACE' || change.changeImpact === 'MAY_REPLACE',
        properties: change.isUpdate
          ? Object.entries(change.propertyUpdates).map(([path, { oldValue, newValue }]) => ({
              path,
              before: oldValue,
              after: newValue,
            }))
          : [],
      },
    ];
  });
}

/** Of what is done: stacks and their resources, images and files that go before them, and what was deleted. */
const PROGRESS = /^CDK_(TOOLKIT_I(51|52|55|71|79)|ASSETS_I52)\d\d$/;
/** Of a comparison, which is told by its result; what stops it is thrown. */
const DIFF = 'diff';

/**
 * What of the CDK's talk is news: progress of single resources, and what goes wrong in a deployment. Questions are
 * answered as it suggests, since the user has asked for it.
 */
export function ioHost(report: Report): IIoHost {
  return {
    async notify({ level, message, code = '', action }) {
      if (level === 'error') report.failure('aws', message);
      else if (action === DIFF) return;
      else if (level === 'warn') report.warning('aws', message);
      else if (level === 'info' && PROGRESS.test(code)) report.progress('aws', firstLine(message));
    },
    async requestResponse({ defaultResponse }) {
      return defaultResponse;
    },
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** Rejects as soon as the signal is given, though the work goes on. */
async function unlessInterrupted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const interrupted = () =>
    new PlatformError(
      'Interrupted',
      'CloudFormation goes on with what it has begun; nobody waits for it now',
      {
        fix: 'run the same command again: it waits for CloudFormation, and goes on there',
      },
    );
  if (signal.aborted) throw interrupted();
  const working = work();
  // Whoever was interrupted has ended before it does.
  working.catch(() => undefined);
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(interrupted()), { once: true, signal: ended.signal });
  });
  return Promise.race([working, aborted]).finally(() => ended.abort());
}

async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    const saw = cause instanceof Error ? cause.message : String(cause);
    if (ToolkitError.isAuthenticationError(cause) || /credentials|NoCredentials/i.test(saw)) {
      throw new PlatformError('CredentialsMissing', 'AWS does not know who asks', {
        saw: firstLine(saw),
        cause,
      });
    }
    throw new PlatformError('StackFailed', 'CloudFormation did not get to the end', { saw, cause });
  }
}
