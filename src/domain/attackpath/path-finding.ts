import { smallest } from '#base/extremes.ts';
import { cleanText, oneLine } from '#base/text.ts';
import {
  type FindingIdentity,
  type IdentityParts,
  identityOf,
  issueIdOf,
} from '../finding/identify-finding.ts';
import type { PathSummary } from '../finding/path-summary.ts';
import type { SightingContent } from '../finding/sighting.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import { DETECTED_RISKS, type DetectedRisk, type RiskState } from '../risk/detected-risk.ts';
import type { AttackPath, RepresentativePath } from './attack-path.ts';
import type { PathFacts } from './path-facts.ts';
import { pathSentence } from './tell-path.ts';

/** The tool in the name of the check that an attack path is of: the shape is the check. */
const TOOL = 'security-inbox';

/** An attack path as a finding. */
export interface PathFinding {
  readonly identity: FindingIdentity;
  readonly content: SightingContent;
  readonly path: AttackPath;
}

/**
 * An attack path as a finding about its pivot: identity is shape, pivot and class of target, and nothing that comes and
 * goes with single entries or targets (design: identity, issue keys).
 */
export function pathFinding(path: AttackPath, facts: Pick<PathFacts, 'assets'>): PathFinding {
  return { identity: identityOfPath(path), content: contentOf(path, facts), path };
}

type NamedPath = Pick<AttackPath, 'shape' | 'pivot' | 'targetClass'>;

/** The finding that a path is: of it and its issue. */
export function identityOfPath(path: NamedPath): FindingIdentity {
  return identityOf(partsOf(path));
}

/** The id of the issue that a path is. */
export function issueIdOfPath(path: NamedPath): string {
  return issueIdOf(partsOf(path));
}

function partsOf({ shape, pivot, targetClass }: NamedPath): IdentityParts {
  return {
    type: 'attack_path',
    advisory: null,
    control: null,
    toolCheck: `${TOOL}:${shape}`,
    resource: pivot,
    place: targetClass,
    secretHash: null,
    cwe: null,
    ordinal: 1,
  };
}

function contentOf(path: AttackPath, facts: Pick<PathFacts, 'assets'>): SightingContent {
  const [best] = path.paths as readonly [RepresentativePath];
  const story = best.steps.map(({ sentence }) => `${sentence}.`).join(' ');
  return {
    title: oneLine(path.title, 300),
    severity: path.severity,
    description: cleanText(`${story} ${pathSentence(path)}`, 4_000),
    fix: null,
    fixable: null,
    vectors: [],
    references: [],
    locations: [],
    distribution: null,
    publishedAt: null,
    exploit: null,
    implies: [],
    suppressed: null,
    secretState: null,
    about: 'security',
    bulletins: [],
    path: summaryOf(path, best, facts),
  };
}

function summaryOf(
  path: AttackPath,
  best: RepresentativePath,
  { assets }: Pick<PathFacts, 'assets'>,
): PathSummary {
  const first = assets.get(best.steps[0]?.to.asset ?? '')?.context;
  return {
    why: path.why,
    states: Object.fromEntries(DETECTED_RISKS.map((risk) => [risk, path.risks[risk].state])) as Record<
      DetectedRisk,
      RiskState
    >,
    resources: path.resources.flatMap((key) => {
      const context = assets.get(key)?.context;
      return context === undefined
        ? []
        : [{ key, kind: context.kind as ResourceIdentity['kind'], name: context.name }];
    }),
    services: path.services,
    owners: first?.owners ?? [],
    validUntil: smallest(path.resources.map((key) => assets.get(key)?.context.validUntil ?? null)),
  };
}
