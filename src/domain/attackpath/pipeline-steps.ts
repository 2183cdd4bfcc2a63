import type { AttackStep } from './attack-step.ts';
import { repositoryState } from './credential-steps.ts';
import { configuredGate, findingGate } from './gate.ts';
import { originState } from './origin.ts';
import type { PathAsset, PipelineFlaw } from './path-facts.ts';
import type { State } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** What runs an image that was built from a repository: keys of workloads by the key of the repository. */
export type Builds = ReadonlyMap<string, readonly string[]>;

/** Workloads of one repository; more are counted as left out. */
export const BUILDS_MAX = 64;

/**
 * Into a pipeline from outside by each flaw that lets somebody in, and from the pipeline to what runs what it builds
 * (attack-paths §4.3, E8). Its cloud roles are steps of the cloud's, its credentials those of the repository.
 */
export function pipelineSteps(
  flaws: readonly PipelineFlaw[],
  builds: Builds,
  assets: ReadonlyMap<string, PathAsset>,
): { readonly steps: readonly AttackStep[]; readonly leftOut: number } {
  const repositories = new Map(flaws.map(({ repository }) => [repository.key, repository]));
  let leftOut = 0;
  for (const key of repositories.keys()) leftOut += Math.max(0, (builds.get(key)?.length ?? 0) - BUILDS_MAX);
  const steps = [
    ...flaws.map(entryStep),
    ...[...repositories.values()].flatMap((repository) =>
      (builds.get(repository.key) ?? []).slice(0, BUILDS_MAX).map((key) => {
        const { probability, technique } = stepRule('pushes-image');
        const [name, from] = [shownName(assets.get(key)?.context.name ?? key), shownName(repository.name)];
        const to: State = { asset: key, family: 'workload', capability: 'exec' };
        return {
          rule: 'pushes-image' as const,
          kind: 'built',
          from: repositoryState(repository.key, 'write'),
          to,
          probability,
          sentence: `${name} runs an image that the pipeline of ${from} builds`,
          gates: [
            configuredGate(
              'setting',
              `${repository.key} builds ${key}`,
              `let somebody approve what the pipeline of ${from} builds before ${name} runs it`,
            ),
          ],
          evidence: [
            {
              sentence: `The image that ${name} runs says that it was built from ${from}.`,
              provenance: 'label of the image',
              at: null,
            },
          ],
          assumptions: ['What runs the image takes the next one that is built.'],
          technique,
        };
      }),
    ),
  ];
  return { steps, leftOut };
}

function entryStep(flaw: PipelineFlaw): AttackStep {
  const { kind, repository, name, words, probability, evidence } = flaw;
  const shown = shownName(repository.name);
  return {
    rule: 'pipeline-flaw',
    kind,
    from: originState('internet'),
    to: repositoryState(repository.key, 'write'),
    probability,
    sentence: `${shown} has ${shownName(name)}: ${words}`,
    gates: [findingGate(flaw.fingerprint, flaw.issueId, `mend ${shownName(name)} in ${shown}`)],
    evidence,
    assumptions: kind === 'package' ? ['The pipeline installs what the files of the repository name.'] : [],
    technique: kind === 'package' ? 'T1195.001' : stepRule('pipeline-flaw').technique,
    flawed: repository,
  };
}
