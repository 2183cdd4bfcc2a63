import type { ObjectFacts } from '../resource/facts/kubernetes-facts.ts';
import type { State } from './state.ts';

/**
 * A user or a group of a cluster, which is there by its name alone: whoever logs in as it has what bindings give to that
 * name (attack-paths §1.3, *administers*).
 */
export interface ClusterSubject {
  readonly objectKind: 'User' | 'Group';
  readonly name: string;
}

/** Whoever logs in to a cluster at all is in it. */
export const EVERYBODY: ClusterSubject = { objectKind: 'Group', name: 'system:authenticated' };

const PLACE = 'rbac.authorization.k8s.io';

export function subjectState(estate: string, { objectKind, name }: ClusterSubject): State {
  return { asset: `${estate}/${PLACE}/${objectKind}//${name}`, family: 'principal', capability: 'use' };
}

/** `Group deployers`: what the asset of such a state is called; null for any other asset. */
export function subjectName(asset: string): string | null {
  const [, objectKind, name] =
    /^k8s:.*\/rbac\.authorization\.k8s\.io\/(User|Group)\/\/(.*)$/s.exec(asset) ?? [];
  return objectKind === undefined ? null : `${objectKind} ${name}`;
}

/** What the cluster itself gives names of: its nodes, its service accounts, and callers without a login. */
const OF_CLUSTER =
  /^system:(?:nodes$|node:|bootstrappers(?:$|:)|serviceaccounts?(?:$|:)|unauthenticated$|anonymous$)/;

/** Whom a subject of a binding stands for, where a login from outside may give that name; null for all others. */
export function outerSubject({ objectKind, name }: ObjectFacts): ClusterSubject | null {
  if ((objectKind !== 'User' && objectKind !== 'Group') || name === '' || OF_CLUSTER.test(name)) return null;
  return { objectKind, name };
}
