import { conditionAnswer } from '../exposure/condition-expression.ts';
import type { RiskState } from '../risk/detected-risk.ts';

/** Claims that tell whose a token is: a stranger has none with somebody else's. */
const OWNED = new Set([
  // GitHub
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'enterprise',
  'enterprise_id',
  'actor',
  'actor_id',
  'workflow_ref',
  // GitLab
  'namespace_id',
  'namespace_path',
  'project_id',
  'project_path',
  'user_id',
  'user_login',
  'user_email',
  // Terraform Cloud
  'terraform_organization_id',
  'terraform_organization_name',
  'terraform_project_id',
  'terraform_workspace_id',
  // Buildkite
  'organization_id',
  'organization_slug',
  'pipeline_id',
  // Google
  'hd',
  'email',
]);

/** Claims that are the same for everybody, or what a stranger makes of their own project; a workflow that is called may be anybody's. */
const FREE = new Set([
  'iss',
  'aud',
  'ref',
  'ref_type',
  'ref_protected',
  'ref_path',
  'base_ref',
  'head_ref',
  'event_name',
  'environment',
  'environment_protected',
  'workflow',
  'job_workflow_ref',
  'runner_environment',
  'repository_visibility',
  'pipeline_source',
  'pipeline_slug',
  'build_branch',
  'terraform_workspace_name',
  'terraform_project_name',
  'terraform_run_phase',
  'email_verified',
]);

/** How a subject begins that belongs to one owner, for every issuer of which strangers get tokens too. */
const OWN_SUBJECT =
  /^(?:repo(?:sitory)?:[^/:]+\/|repository_(?:owner|id|owner_id):[^:]+|enterprise(?:_id)?:[^:]+|project_path:[^/]+\/|organization:[^:]+:)/;

const TEXT = `["']([^"']*)["']`;
const EQUALS = new RegExp(`^assertion\\.([a-z_]+)\\s*(==|!=)\\s*${TEXT}$`);
const AMONG = new RegExp(`^assertion\\.([a-z_]+)\\s+in\\s+\\[\\s*${TEXT}(?:\\s*,\\s*${TEXT})*\\s*\\]$`);
const PART = new RegExp(`^assertion\\.([a-z_]+)\\.(startsWith|endsWith|contains)\\(\\s*${TEXT}\\s*\\)$`);

/**
 * Whether a stranger gets a token that meets the attribute condition of a provider, from an issuer that gives tokens to
 * everybody (attack-paths §3.6): no where it asks for an owner, yes where it asks for what every token has or what strangers make
 * of their own. `mapping` is the provider's, `attribute.repository=assertion.repository`.
 */
export function admitsStrangers(condition: string, mapping: readonly string[]): RiskState {
  const mapped = new Map(
    mapping.flatMap((each) => {
      const [, name, claim] = /^([\w.]+)=(assertion\.[a-z_]+)$/.exec(each) ?? [];
      return name === undefined || claim === undefined ? [] : [[name, claim] as const];
    }),
  );
  return conditionAnswer(condition, (comparison) =>
    byClaim(comparison.replace(/^(?:attribute\.\w+|google\.\w+)/, (name) => mapped.get(name) ?? name)),
  );
}

function byClaim(comparison: string): RiskState {
  if (comparison === 'true') return 'yes';
  if (comparison === 'false') return 'no';
  const [, claim = '', operator, value = ''] = EQUALS.exec(comparison) ?? [];
  if (operator === '!=') return isKnown(claim) ? 'yes' : 'unknown';
  if (operator !== undefined) return byValue(claim, claim === 'sub' && OWN_SUBJECT.test(value));
  const among = AMONG.exec(comparison)?.[1];
  if (among !== undefined) return byValue(among, isOfOwners(comparison));
  const [, whole = '', how, part = ''] = PART.exec(comparison) ?? [];
  if (how === undefined) return 'unknown';
  // A name of one's own may end with anything, and begin with another's as long as that one has not ended.
  const isOwners =
    how === 'startsWith' &&
    (whole === 'sub' ? OWN_SUBJECT.test(part) : OWNED.has(whole) && part.includes('/'));
  return isOwners ? 'no' : isKnown(whole) ? 'yes' : 'unknown';
}

function isKnown(claim: string): boolean {
  return claim === 'sub' || OWNED.has(claim) || FREE.has(claim);
}

function byValue(claim: string, isOwnSubject: boolean): RiskState {
  if (OWNED.has(claim) || isOwnSubject) return 'no';
  return FREE.has(claim) ? 'yes' : 'unknown';
}

function isOfOwners(list: string): boolean {
  const values = [...list.matchAll(/["']([^"']*)["']/g)].map(([, value = '']) => value);
  return list.startsWith('assertion.sub') && values.every((value) => OWN_SUBJECT.test(value));
}
