import type { AttackStep } from './attack-step.ts';
import { repositoryState } from './credential-steps.ts';
import { configuredGate } from './gate.ts';
import { originState } from './origin.ts';
import type { Credential, PathAsset } from './path-facts.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/**
 * From where attackers are looked for. Paths in the inbox begin outside; the other two are asked for: somebody inside who
 * was tricked or turned, and a vendor that was broken into (attack-paths §4.3, E6 and E7).
 */
export type Lens = 'outside' | 'insider' | 'vendor';

/** An id that the trusting side asks for is known to the vendor, and perhaps to whoever breaks into it. */
const WITH_EXTERNAL_ID = 0.1;
const UNDER_CONDITIONS = 0.5;

/** What an attacker holds from the start under a lens; from outside, the entries of all other rules say it. */
export function lensSteps(
  lens: Lens,
  assets: Iterable<PathAsset>,
  credentials: readonly Credential[],
): readonly AttackStep[] {
  switch (lens) {
    case 'outside':
      return [];
    case 'insider':
      return [
        ...[...assets].filter(({ type }) => type === 'iam-user').map(insiderStep),
        ...credentials
          .filter(({ place }) => place.kind === 'repository')
          .map(({ place }) => readerStep(place.key, place.name)),
      ];
    case 'vendor':
      return [...assets].filter(({ type }) => type === 'iam-role').flatMap(vendorSteps);
  }
}

function insiderStep({ context, described }: PathAsset): AttackStep {
  const name = shownName(context.name);
  return entry('assumed-breach', 'any-employee', {
    to: { asset: context.key, family: 'principal', capability: 'use' },
    sentence: `Whoever has the credentials of ${name} is ${name}`,
    gates: [configuredGate('setting', `${context.key} credentials`, `take the credentials of ${name} away`)],
    evidence: described === null ? [] : [{ sentence: `${name} is a user of the account.`, ...described }],
  });
}

function readerStep(key: string, name: string): AttackStep {
  const shown = shownName(name);
  return entry('assumed-breach', 'any-employee', {
    to: repositoryState(key, 'read'),
    sentence: `Whoever works on the code reads ${shown}`,
    gates: [configuredGate('setting', `${key} readers`, `let fewer people read ${shown}`)],
    evidence: [],
  });
}

const FOREIGN = /^can be assumed from account (\d{12})/;

function vendorSteps({ context, privilege, described }: PathAsset): readonly AttackStep[] {
  const name = shownName(context.name);
  return privilege.reasons.flatMap((reason) => {
    const account = FOREIGN.exec(reason)?.[1];
    if (account === undefined) return [];
    const factor = reason.endsWith('with its external id')
      ? WITH_EXTERNAL_ID
      : reason.endsWith('under conditions')
        ? UNDER_CONDITIONS
        : 1;
    return [
      entry('vendor-breach', 'vendor', {
        to: { asset: context.key, family: 'principal', capability: 'use' },
        sentence: `${name} ${reason}`,
        gates: [
          configuredGate(
            'statement',
            `${context.key} trust of ${account}`,
            `take account ${account} out of the trust policy of ${name}, or ask for an external id`,
          ),
        ],
        evidence: described === null ? [] : [{ sentence: `${name} ${reason}.`, ...described }],
        factor,
      }),
    ];
  });
}

function entry(
  rule: StepRuleId,
  origin: Parameters<typeof originState>[0],
  { factor = 1, ...told }: Pick<AttackStep, 'to' | 'sentence' | 'gates' | 'evidence'> & { factor?: number },
): AttackStep {
  const { probability, technique } = stepRule(rule);
  return {
    rule,
    from: originState(origin),
    ...told,
    probability: probability * factor,
    assumptions: [],
    technique,
  };
}
