import type { State } from './state.ts';

/** The administrator of an account or cluster, whatever gives its rights. */
export function administratorOf(estate: string): State {
  const asset = estate.startsWith('k8s:') ? `${estate}/cluster-admin` : `account-admin:${estate}`;
  return { asset, family: 'account', capability: 'admin' };
}

/** Of a step that leads to an administrator by a role that may do everything there but say who may do what. */
export const EDITS_ALL =
  'Whoever edits everything in an account is counted as its administrator, though others say who may do what there.';
