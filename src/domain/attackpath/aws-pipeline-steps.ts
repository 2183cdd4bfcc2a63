import { UNDECIDED } from '../privilege/aws/certainty.ts';
import { trustsRepository } from '../privilege/aws/repository-trust.ts';
import { evidence } from '../risk/estate.ts';
import { type AwsSearch, underConditions } from './aws-search.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

const REPOSITORY = /^repo:((?:github|gitlab)\.com\/(.+))$/;

/** From the pipeline of a repository to the roles of AWS that trust it (attack-paths §3.6, §4.3 E8). */
export function awsPipelineSteps(search: AwsSearch, state: State): void {
  const [, address, repository] = (state.capability === 'write' && REPOSITORY.exec(state.asset)) || [];
  if (address === undefined || repository === undefined) return;
  for (const [number, { principal }] of search.index.judged.entries()) {
    if (principal.trust === null) continue;
    const certainty = trustsRepository(principal.trust, principal.caller, address, search.facts.now);
    if (certainty <= UNDECIDED) continue;
    const [name, from] = [search.nameOf(number), shownName(repository)];
    search.add('pipeline-role', state, search.stateOf(number), {
      sentence: `The pipeline of ${from} may become ${name}`,
      gates: [
        configuredGate(
          'statement',
          `${principal.resource.key} trust of ${state.asset}`,
          `take ${from} out of the trust policy of ${name}, or bind it to an environment that somebody approves`,
        ),
      ],
      evidence: [evidence(`${name} trusts tokens of pipelines of ${repository}.`, principal.resource)],
      ...underConditions(certainty),
    });
  }
}
