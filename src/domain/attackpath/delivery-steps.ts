import { compareBytes } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import { nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import {
  type ApplicationFacts,
  applicationFacts,
  type ClusterKind,
  type FluxReleaseFacts,
  fluxReleaseFacts,
  type GitRepositoryFacts,
  gitRepositoryFacts,
  type ProjectFacts,
  projectFacts,
} from '../resource/facts/delivery-facts.ts';
import { type ServiceAccountFacts, serviceAccountFacts } from '../resource/facts/kubernetes-facts.ts';
import { globMatches } from '../resource/tag-glob.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AttackStep } from './attack-step.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import { repositoryState } from './credential-steps.ts';
import { configuredGate } from './gate.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** Service accounts of what one application may change; more are counted as left out. */
export const ACCOUNTS_MAX = 64;

/** How Argo CD names the cluster that it runs in. */
const OWN_CLUSTER: readonly string[] = ['https://kubernetes.default.svc', 'in-cluster'];

const ARGO_CONTROLLER = /(?:^|-)argocd-application-controller$/;

/** The controllers of Flux, by the type of what they apply. */
const FLUX_CONTROLLERS: Readonly<Record<string, string>> = {
  'flux-kustomization': 'kustomize-controller',
  'flux-helm-release': 'helm-controller',
};

type Account = Placed<ServiceAccountFacts>;

/**
 * From a repository to the cluster to which Argo CD or Flux applies it (attack-paths §4.12): whoever writes to it has
 * done what the controller's service account may do, or the one that it acts as. `written` holds the keys of
 * the repositories that somebody writes to. What is applied to another cluster than the controller's own makes no
 * step: as whom, a Secret keeps. Neither does an account that nobody described.
 */
export function deliverySteps(
  { resources, about }: ClusterFacts,
  written: ReadonlySet<string>,
): DeliverySteps {
  if (written.size === 0) return { steps: [], leftOut: 0, untold: [] };
  const cluster = shownName(about.name);
  const accounts = resources
    .filter(({ type }) => type === 'service-account')
    .map((resource) => ({ resource, facts: serviceAccountFacts(resource.facts) }));
  // Of many thousands of objects few are of Argo CD or Flux, and each of those looks among them.
  const told = resources.filter(({ type }) => type.startsWith('argo-') || type.startsWith('flux-'));
  const argo = told
    .filter(({ type }) => type === 'argo-application')
    .map((resource) => argoSteps({ resource, facts: applicationFacts(resource.facts) }, told, accounts));
  const steps = [
    ...argo.flatMap(({ applied }) => applied),
    ...told
      .filter(({ type }) => Object.hasOwn(FLUX_CONTROLLERS, type))
      .flatMap((resource) =>
        fluxSteps({ resource, facts: fluxReleaseFacts(resource.facts) }, told, accounts),
      ),
  ].flatMap((applied) => (written.has(`repo:${applied.repository}`) ? [stepOf(applied, cluster)] : []));
  const isWritten = ({ applied }: Applications) =>
    applied.some(({ repository }) => written.has(`repo:${repository}`));
  return {
    steps,
    leftOut: argo.reduce((sum, each) => sum + (isWritten(each) ? each.leftOut : 0), 0),
    untold: untoldOf(elsewhere(told, written), cluster),
  };
}

/** What is applied to a cluster, and what was left out or is not known. */
export interface DeliverySteps {
  readonly steps: readonly AttackStep[];
  /** Service accounts beyond as many as are looked at. */
  readonly leftOut: number;
  /** What is applied to other clusters, in a sentence; empty where nothing is. */
  readonly untold: readonly string[];
}

/** Whatever applies one of the repositories that somebody writes to, by itself, to a cluster that it does not run in. */
function elsewhere(
  told: readonly EstateResource[],
  written: ReadonlySet<string>,
): readonly { readonly by: string; readonly to: string | null }[] {
  return told.flatMap((resource): { readonly by: string; readonly to: string | null }[] => {
    const by = shownName(nameOf(resource));
    if (resource.type === 'argo-application') {
      const { isAutomated, destination, repositories } = applicationFacts(resource.facts);
      const isOther = isAutomated && destination !== '' && !OWN_CLUSTER.includes(destination);
      return isOther && repositories.some((each) => written.has(`repo:${each}`))
        ? [{ by, to: shownName(destination) }]
        : [];
    }
    if (!Object.hasOwn(FLUX_CONTROLLERS, resource.type)) return [];
    const { isElsewhere, isSuspended, source } = fluxReleaseFacts(resource.facts);
    const from = isElsewhere && !isSuspended ? sourceNamed(source, told)?.facts : undefined;
    const isFollowed = from !== undefined && !from.isFixed && !from.isSuspended;
    return isFollowed && written.has(`repo:${from.repository}`) ? [{ by, to: null }] : [];
  });
}

function untoldOf(applied: ReturnType<typeof elsewhere>, cluster: string): readonly string[] {
  const [first, ...others] = applied.toSorted((a, b) => compareBytes(a.by, b.by));
  if (first === undefined) return [];
  const isOne = others.length === 0;
  const who = isOne ? first.by : `${first.by} and ${counted(others.length, 'other')}`;
  const other = first.to === null ? 'another cluster' : `another cluster (${first.to})`;
  return [
    `What ${who} of ${cluster} ${isOne ? 'applies' : 'apply'} to ${isOne ? other : 'other clusters'} is not followed: as whom, a Secret keeps, and those are not read.`,
  ];
}

/** One repository that one object applies, and an account with whose rights that is done. */
interface Applied {
  readonly by: 'argo' | 'flux';
  readonly resource: EstateResource;
  readonly repository: string;
  readonly account: Account;
  /** Whether it can run things as the account, and does not act as it by itself. */
  readonly isInside: boolean;
  readonly assumptions: readonly string[];
  /** What else tells it. */
  readonly rests: AttackStep['evidence'];
}

interface Applications {
  readonly applied: readonly Applied[];
  readonly leftOut: number;
}

const NOTHING: Applications = { applied: [], leftOut: 0 };

function argoSteps(
  { resource, facts }: Placed<ApplicationFacts>,
  resources: readonly EstateResource[],
  accounts: readonly Account[],
): Applications {
  if (!facts.isAutomated || !OWN_CLUSTER.includes(facts.destination)) return NOTHING;
  const controllers = accounts.filter(
    (each) => each.facts.namespace === facts.namespace && ARGO_CONTROLLER.test(each.facts.name),
  );
  if (controllers.length === 0) return NOTHING;
  const applied = (account: Account, more: Pick<Applied, 'isInside' | 'assumptions' | 'rests'>) =>
    facts.repositories.map((repository): Applied => ({ by: 'argo', resource, repository, account, ...more }));
  const project = projectNamed(facts, resources);
  if (project === undefined) {
    const assumption = `The project ${shownName(facts.project)} of Argo CD, which was not described, lets it change the whole cluster.`;
    return {
      applied: controllers.flatMap((account) =>
        applied(account, { isInside: false, assumptions: [assumption], rests: [] }),
      ),
      leftOut: 0,
    };
  }
  if (project.facts.asksForSignature) return NOTHING;
  const lets = (namespace: string) => letsNamespace(project.facts, namespace);
  if (facts.destinationNamespace !== '' && !lets(facts.destinationNamespace)) return NOTHING;
  if (letsClusterRoles(project.facts) || lets(facts.namespace))
    return {
      applied: controllers.flatMap((account) =>
        applied(account, { isInside: false, assumptions: [], rests: [] }),
      ),
      leftOut: 0,
    };
  const within = accounts.filter((each) => lets(each.facts.namespace));
  const told = `${nameOf(project.resource)} holds it to namespaces.`;
  return {
    applied: within.slice(0, ACCOUNTS_MAX).flatMap((account) =>
      applied(account, {
        isInside: true,
        assumptions: ['The controller may create pods there, as it creates what the repository holds.'],
        rests: [evidence(told, project.resource)],
      }),
    ),
    leftOut: Math.max(0, within.length - ACCOUNTS_MAX),
  };
}

function projectNamed(
  { namespace, project }: ApplicationFacts,
  resources: readonly EstateResource[],
): Placed<ProjectFacts> | undefined {
  return resources
    .filter(({ type }) => type === 'argo-project')
    .map((resource) => ({ resource, facts: projectFacts(resource.facts) }))
    .find(({ facts }) => facts.namespace === namespace && facts.name === project);
}

/** Whether a project lets its applications into a namespace of the controller's own cluster: a refusal counts before all. */
function letsNamespace({ destinations }: ProjectFacts, namespace: string): boolean {
  const isOwn = (pattern: string) => OWN_CLUSTER.some((own) => globMatches(pattern, own));
  const refuses = (pattern: string, matches: (rest: string) => boolean) =>
    pattern.startsWith('!') && matches(pattern.slice(1));
  return (
    destinations.some((each) => isOwn(each.cluster) && globMatches(each.namespace, namespace)) &&
    !destinations.some(
      (each) =>
        (refuses(each.cluster, isOwn) && globMatches(each.namespace, namespace)) ||
        (isOwn(each.cluster) && refuses(each.namespace, (rest) => globMatches(rest, namespace))),
    )
  );
}

/** Whoever binds roles of a cluster has all that the controller may give. */
function letsClusterRoles({ clusterKinds, refusedClusterKinds }: ProjectFacts): boolean {
  const isBinding = ({ group, kind }: ClusterKind) =>
    globMatches(group, 'rbac.authorization.k8s.io') && globMatches(kind, 'ClusterRoleBinding');
  return clusterKinds.some(isBinding) && !refusedClusterKinds.some(isBinding);
}

function fluxSteps(
  { resource, facts }: Placed<FluxReleaseFacts>,
  resources: readonly EstateResource[],
  accounts: readonly Account[],
): readonly Applied[] {
  const source = facts.isSuspended || facts.isElsewhere ? undefined : sourceNamed(facts.source, resources);
  if (source === undefined || source.facts.isFixed || source.facts.isSuspended) return [];
  const own = facts.serviceAccount;
  const named = (name: string, namespace: string | null) =>
    accounts.filter(
      (each) => each.facts.name === name && (namespace === null || each.facts.namespace === namespace),
    );
  const acting =
    own === null ? named(FLUX_CONTROLLERS[resource.type] as string, null) : named(own, facts.namespace);
  // Of two controllers of one name nothing tells which one takes it.
  const [account] = acting.length === 1 ? acting : [];
  if (account === undefined) return [];
  return [
    {
      by: 'flux',
      resource,
      repository: source.facts.repository,
      account,
      isInside: false,
      assumptions:
        own === null
          ? ['The controller of Flux was not told another service account to act as where none is named.']
          : [],
      rests: [
        evidence(
          `${nameOf(source.resource)} follows ${shownName(source.facts.repository)}.`,
          source.resource,
        ),
      ],
    },
  ];
}

function sourceNamed(
  { objectKind, namespace, name }: FluxReleaseFacts['source'],
  resources: readonly EstateResource[],
): Placed<GitRepositoryFacts> | undefined {
  if (objectKind !== 'GitRepository') return undefined;
  return resources
    .filter(({ type }) => type === 'flux-git-repository')
    .map((resource) => ({ resource, facts: gitRepositoryFacts(resource.facts) }))
    .find(({ facts }) => facts.namespace === namespace && facts.name === name);
}

function stepOf(applied: Applied, cluster: string): AttackStep {
  const { by, resource, repository, account, isInside, assumptions, rests } = applied;
  const { probability, technique } = stepRule('applies-repository');
  const key = `repo:${repository}`;
  const [from, name] = [shownName(repository), shownName(nameOf(resource))];
  const shown = shownName(`${account.facts.namespace}/${account.facts.name}`);
  const does = isInside ? 'runs as the service account' : 'does as the service account';
  const stop = by === 'argo' ? 'sync it by hand' : 'suspend it';
  return {
    rule: 'applies-repository',
    kind: by,
    from: repositoryState(key, 'write'),
    to: { asset: account.resource.key, family: 'principal', capability: 'use' },
    probability,
    sentence: `Whoever writes to ${from} words what ${name} ${does} ${shown} in ${cluster}`,
    gates: [
      configuredGate(
        'setting',
        `${key} is applied unapproved`,
        `let somebody approve what is pushed to ${from} before it is applied`,
      ),
      configuredGate(
        'setting',
        `${resource.key} is applied by itself`,
        `let ${name} take no change by itself: ${stop}, or let signed commits alone count`,
      ),
    ],
    evidence: [evidence(`${nameOf(resource)} applies what ${from} says by itself.`, resource), ...rests],
    assumptions: ['What is written to the repository gets into what is followed of it.', ...assumptions],
    technique,
  };
}
