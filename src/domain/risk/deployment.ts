import type { Instant } from '#base/instant.ts';
import type { FindingSummary, ScopeContext } from '../finding/finding-state.ts';
import { type FindingType, TYPES_OF_SERVICE_CODE } from '../finding/finding-type.ts';
import { environmentOfWord } from '../resource/environment.ts';
import type { OwnerCandidate } from '../resource/owner.ts';
import type { ResourceDescription } from '../resource/resource-description.ts';
import { type RiskVerdict, unknownRisk } from './detected-risk.ts';
import { type Nature, natureOf } from './nature.ts';

/** A resource with what the inventory, the signals and its tags say about it. */
export interface ResourceContext {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly nature: Nature;
  readonly publiclyAccessible: RiskVerdict;
  readonly privilegedAccess: RiskVerdict;
  readonly underAttack: RiskVerdict;
  readonly environment: string | null;
  readonly production: RiskVerdict;
  readonly services: readonly string[];
  /** The account, subscription, project or cluster that it is in; null or absent: nobody says. */
  readonly account?: string | null;
  readonly team: string | null;
  /** Whose it may be, best first; the first is the team. */
  readonly owners: readonly OwnerCandidate[];
  /** Since when its inventory no longer lists it, or says that it was deleted; null: it is there as far as anybody knows. */
  readonly goneAt: Instant | null;
  /** When any of this may change by the passing of time alone; null when it may not. */
  readonly validUntil: Instant | null;
}

/** One place where a finding is deployed: its risks are those of one such place, never a union over several. */
export interface Deployment {
  /** The resource that is impacted; null where only an environment or service is known. */
  readonly resourceKey: string | null;
  readonly name: string;
  readonly owners: readonly OwnerCandidate[];
  readonly nature: Nature;
  readonly environment: string | null;
  readonly services: readonly string[];
  /** The account or cluster of the resource; null: nobody says. */
  readonly account: string | null;
  readonly publiclyAccessible: RiskVerdict;
  readonly privilegedAccess: RiskVerdict;
  readonly underAttack: RiskVerdict;
  readonly production: RiskVerdict;
}

/** Of a resource that no inventory describes. */
export const NOT_DESCRIBED: RiskVerdict = unknownRisk(
  'an inventory that describes this resource ("security-inbox formats" lists the commands)',
);

const CODE =
  'what runs this code: --service NAME when its reports are imported, and an inventory of what runs that service';

/** Settings of a network, which no packet can be sent to: they say nothing about what stands behind or inside them. */
const BEHIND: readonly (readonly [what: RegExp, verdict: RiskVerdict])[] = [
  [
    partOfNetwork('security-group'),
    unknownRisk(
      'what stands behind this security group: its network interfaces, instances, databases and load balancers, each judged by itself',
    ),
  ],
  [partOfNetwork('vpc'), unknownRisk('what stands in this network, each judged by itself')],
];

function partOfNetwork(type: string): RegExp {
  return new RegExp(`^aws:arn:[^:]*:ec2:[^:]*:[^:]*:${type}/`);
}

/** What tells of things that no inventory describes themselves: what runs them. */
const TOLD_BY: Readonly<Record<string, RiskVerdict>> = {
  repository: unknownRisk(CODE),
  artifact: unknownRisk(CODE),
  image: unknownRisk(
    'what runs this image: kubectl get pods -A -o json, or another inventory of workloads ("security-inbox formats" lists them)',
  ),
};

/** A verdict on a resource of a kind; where nothing described it, it names what would tell. */
export function toldOf(key: string, kind: string, verdict: RiskVerdict): RiskVerdict {
  if (verdict.state !== 'unknown' || verdict.missing[0] !== NOT_DESCRIBED.missing[0]) return verdict;
  const [, behind] = BEHIND.find(([what]) => what.test(key)) ?? [];
  if (behind !== undefined) return behind;
  return Object.hasOwn(TOLD_BY, kind) ? (TOLD_BY[kind] as RiskVerdict) : verdict;
}

/** Of a resource that nobody tagged and no person placed. */
export const NO_ENVIRONMENT: RiskVerdict = unknownRisk('an environment: a tag, a namespace or --env');

/** A resource of which nothing but its name is known. */
export function unknownResource(key: string, kind: string, name: string): ResourceContext {
  return {
    key,
    kind,
    name,
    nature: natureOf(key, kind),
    publiclyAccessible: toldOf(key, kind, NOT_DESCRIBED),
    privilegedAccess: toldOf(key, kind, NOT_DESCRIBED),
    underAttack: unknownRisk(
      'a source of attack signals that covers this resource ("security-inbox formats" lists the commands)',
    ),
    environment: null,
    production: NO_ENVIRONMENT,
    services: [],
    team: null,
    owners: [],
    goneAt: null,
    validUntil: null,
  };
}

/** A resource that is gone counts for nothing: what was last known of it is no longer so, and nothing else is known. */
export function goneResource(resource: ResourceContext, goneAt: Instant): ResourceContext {
  const gone = unknownRisk(
    `an inventory that lists it again: it is gone since ${new Date(goneAt).toISOString().slice(0, 10)}`,
  );
  return {
    ...unknownResource(resource.key, resource.kind, resource.name),
    publiclyAccessible: gone,
    privilegedAccess: gone,
    underAttack: gone,
    production: gone,
    team: resource.team,
    owners: resource.owners,
    goneAt,
  };
}

/** Whether findings of this type on a resource of this kind are wherever the services run that they are about. */
export function isDeployedWithServices(type: FindingType, kind: string): boolean {
  const files: readonly ResourceDescription['kind'][] = ['repository', 'artifact'];
  return TYPES_OF_SERVICE_CODE.includes(type) && (files as readonly string[]).includes(kind);
}

/** The services whose code a finding is in: those that its scopes name, and those of its repository. */
export function servicesOfCode(
  summary: Pick<FindingSummary, 'scopes'>,
  ofResource: readonly string[],
): readonly string[] {
  return [...new Set([...summary.scopes.flatMap((scope) => scope.services), ...ofResource])];
}

/** A resource as the places that it is: a scaling group is one resource, and each of its machines a place with risks of its own. */
export function placesOf({
  resource,
  machines = [],
}: {
  readonly resource: ResourceContext;
  readonly machines?: readonly ResourceContext[] | undefined;
}): readonly ResourceContext[] {
  return machines.length === 0 ? [resource] : machines.map((machine) => ({ ...machine, key: resource.key }));
}

/**
 * Where a finding is deployed (design: identity, three things): the workloads that run one of its open
 * digests; else the environment and service of its scopes, which for code is each thing that runs the
 * service there (`runners`); only where neither is known, the places of its resource.
 */
export function deploymentsOf(
  summary: FindingSummary,
  places: readonly ResourceContext[],
  workloads: readonly ResourceContext[],
  runners: readonly ResourceContext[] = [],
): readonly Deployment[] {
  if (workloads.length > 0) return workloads.map((workload) => deployedOn(workload));
  return places.flatMap((place) => deploymentsAt(summary, place, runners));
}

function deploymentsAt(
  summary: FindingSummary,
  resource: ResourceContext,
  runners: readonly ResourceContext[],
): readonly Deployment[] {
  const scopes = summary.scopes.filter((scope) => scope.environment !== null || scope.services.length > 0);
  const declared = scopes.flatMap((scope) => {
    const services = scope.services.length > 0 ? scope.services : resource.services;
    const running = runningIn(runners, scope.environment, services);
    return running.length > 0
      ? running.map((runner) => runBy(runner, resource, services))
      : [lackingServices(declaredBy(scope, resource))];
  });
  // An image is in many places: where it is known to be in production, that is one beside those that scopes tell.
  const isInProductionToo =
    scopes.length < summary.scopes.length && resource.kind === 'image' && resource.production.state === 'yes';
  if (scopes.length > 0 && !isInProductionToo) return declared;
  const running = runningIn(runners, null, resource.services);
  const undeclared =
    running.length > 0
      ? running.map((runner) => runBy(runner, resource, resource.services))
      : [lackingServices(deployedOn(resource))];
  return [...declared, ...undeclared];
}

/** Of code whose services are known only what runs them is missing. */
function lackingServices(deployment: Deployment): Deployment {
  const { services, publiclyAccessible, privilegedAccess } = deployment;
  if (services.length === 0) return deployment;
  const runs = unknownRisk(
    `what runs ${services.length === 1 ? 'the service' : 'one of the services'} ${services.join(', ')}: an inventory of workloads whose labels or tags name it ("security-inbox formats" lists the commands)`,
  );
  const told = (verdict: RiskVerdict) =>
    verdict.state === 'unknown' && verdict.missing[0] === CODE ? runs : verdict;
  return {
    ...deployment,
    publiclyAccessible: told(publiclyAccessible),
    privilegedAccess: told(privilegedAccess),
  };
}

function runningIn(
  runners: readonly ResourceContext[],
  environment: string | null,
  services: readonly string[],
): readonly ResourceContext[] {
  return runners.filter(
    (runner) =>
      (environment === null || runner.environment === environment) &&
      runner.services.some((service) => services.includes(service)),
  );
}

/** The code is what is impacted; the risks are those of what runs it. */
function runBy(runner: ResourceContext, { key }: ResourceContext, services: readonly string[]): Deployment {
  return { ...deployedOn(runner), resourceKey: key, services };
}

function declaredBy(scope: ScopeContext, resource: ResourceContext): Deployment {
  return {
    ...deployedOn(resource),
    name: [resource.name, scope.environment, ...scope.services].filter((part) => part !== null).join(', '),
    environment: scope.environment ?? resource.environment,
    services: scope.services.length > 0 ? scope.services : resource.services,
    production: scope.environment === null ? resource.production : declaredProduction(scope.environment),
  };
}

function deployedOn(resource: ResourceContext): Deployment {
  const { publiclyAccessible, privilegedAccess, underAttack, production, environment } = resource;
  const { services, name, key, owners, nature } = resource;
  return {
    resourceKey: key,
    name,
    owners,
    nature,
    environment,
    services,
    account: resource.account ?? null,
    publiclyAccessible,
    privilegedAccess,
    underAttack,
    production,
  };
}

/** A word that nobody knows says neither yes nor no. */
function declaredProduction(environment: string): RiskVerdict {
  const known = environmentOfWord(environment);
  const sentence = `The scan was declared to be of the environment "${environment}".`;
  return {
    state: known === null ? 'unknown' : known === 'production' ? 'yes' : 'no',
    evidence: [{ sentence, provenance: 'declared scope', at: null }],
    missing:
      known === null
        ? [`whether "${environment}" is production: --env with a word such as production or staging`]
        : [],
  };
}
