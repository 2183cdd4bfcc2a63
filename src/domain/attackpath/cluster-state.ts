import type { State } from './state.ts';

/** Root on some node of a cluster: which one a pod runs on changes by the hour. */
export function nodeOf(estate: string): State {
  return { asset: `${estate}/node`, family: 'node', capability: 'root' };
}

/** The secrets of a cluster, as one thing that holds data. */
export function secretsOf(estate: string): State {
  return { asset: `${estate}/secrets`, family: 'datastore', capability: 'read' };
}
