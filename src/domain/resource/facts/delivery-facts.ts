import { asObject, asObjects, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { type ObjectFacts, objectFacts } from './kubernetes-facts.ts';

/**
 * What the inventory keeps of the objects by which Argo CD and Flux apply to a cluster what a repository says. Each shape
 * is the `facts` of a resource `type`:
 *
 * | type | shape |
 * |---|---|
 * | `argo-application` | `ApplicationFacts` |
 * | `argo-project` | `ProjectFacts` |
 * | `flux-git-repository` | `GitRepositoryFacts` |
 * | `flux-kustomization`, `flux-helm-release` | `FluxReleaseFacts` |
 *
 * Repositories are spelled as in their keys (`github.com/acme/shop`, attack-paths §1.1). Every reader takes any JSON: a
 * member that is absent or of another type reads as absent.
 */
export interface ApplicationFacts extends ObjectFacts {
  /** The project of Argo CD in the same namespace. */
  readonly project: string;
  /** Whether it is synced without anybody's doing. */
  readonly isAutomated: boolean;
  /** Where it is applied: the address of an API server, or the name that Argo CD knows a cluster by. */
  readonly destination: string;
  /** The namespace that objects without one get; empty where none is named. */
  readonly destinationNamespace: string;
  /** Repositories of git of which it follows a branch or a tag; one that is held to a commit takes no change. */
  readonly repositories: readonly string[];
}

/** Patterns in it are those of Argo CD: `*` is any text, a `!` before one refuses. */
export interface ProjectFacts extends ObjectFacts {
  readonly destinations: readonly { readonly cluster: string; readonly namespace: string }[];
  /** Kinds without a namespace that its applications may hold. */
  readonly clusterKinds: readonly ClusterKind[];
  readonly refusedClusterKinds: readonly ClusterKind[];
  /** Commits count with a signature alone. */
  readonly asksForSignature: boolean;
}

export interface ClusterKind {
  readonly group: string;
  readonly kind: string;
}

export interface GitRepositoryFacts extends ObjectFacts {
  readonly repository: string;
  /** Held to a commit, or to what is signed: who writes to the repository changes nothing. */
  readonly isFixed: boolean;
  readonly isSuspended: boolean;
}

export interface FluxReleaseFacts extends ObjectFacts {
  /** Where what it applies comes from, by kind, namespace and name. */
  readonly source: ObjectFacts;
  /** The account of its own namespace that the controller acts as; null where it acts as itself. */
  readonly serviceAccount: string | null;
  readonly isSuspended: boolean;
  /** Applied to another cluster, whose login lies in a Secret. */
  readonly isElsewhere: boolean;
}

export function applicationFacts(facts: JsonObject): ApplicationFacts {
  return {
    ...objectFacts(facts),
    project: asText(facts.project) ?? 'default',
    isAutomated: facts.isAutomated === true,
    destination: asText(facts.destination) ?? '',
    destinationNamespace: asText(facts.destinationNamespace) ?? '',
    repositories: asTexts(facts.repositories),
  };
}

export function projectFacts(facts: JsonObject): ProjectFacts {
  return {
    ...objectFacts(facts),
    destinations: asObjects(facts.destinations).map((each) => ({
      cluster: asText(each.cluster) ?? '',
      namespace: asText(each.namespace) ?? '',
    })),
    clusterKinds: asClusterKinds(facts.clusterKinds),
    refusedClusterKinds: asClusterKinds(facts.refusedClusterKinds),
    asksForSignature: facts.asksForSignature === true,
  };
}

export function gitRepositoryFacts(facts: JsonObject): GitRepositoryFacts {
  return {
    ...objectFacts(facts),
    repository: asText(facts.repository) ?? '',
    isFixed: facts.isFixed === true,
    isSuspended: facts.isSuspended === true,
  };
}

export function fluxReleaseFacts(facts: JsonObject): FluxReleaseFacts {
  return {
    ...objectFacts(facts),
    source: objectFacts(asObject(facts.source) ?? {}),
    serviceAccount: asText(facts.serviceAccount) ?? null,
    isSuspended: facts.isSuspended === true,
    isElsewhere: facts.isElsewhere === true,
  };
}

/** The kinds of a list of Argo CD: `{"group": "*", "kind": "*"}`. */
export function asClusterKinds(value: unknown): readonly ClusterKind[] {
  return asObjects(value).map((each) => ({ group: asText(each.group) ?? '', kind: asText(each.kind) ?? '' }));
}
