import { asObject, asTexts } from '#base/json-value.ts';
import { called } from '../resource/called.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';

const WILD_ACCOUNT = /^arn:[a-z-]*:(?:iam|sts)::[^:]*[*?][^:]*:/;
const SAID_MAX = 3;

/**
 * Principals that look like everybody's and are nobody: AWS takes no wildcard for the account in the ARN of a principal
 * (attack-paths §2.8). Worth a word, as whoever wrote them meant something else.
 */
export function ignoredPrincipals({ Statement }: PolicyFacts, resource: EstateResource): readonly Evidence[] {
  const named = Statement.flatMap(({ Effect, Principal }) =>
    Effect === 'Allow' ? asTexts(asObject(Principal)?.['AWS']).filter((text) => WILD_ACCOUNT.test(text)) : [],
  );
  return [...new Set(named)]
    .slice(0, SAID_MAX)
    .map((text) =>
      evidence(
        `The policy of ${called(resource)} names ${text.slice(0, 120)}, which is nobody: AWS takes no wildcard for an account there.`,
        resource,
      ),
    );
}
