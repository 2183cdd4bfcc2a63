import { CHAINED_LABS } from './path-world.chained-labs.test-sample.ts';
import { CLUSTER_LABS } from './path-world.cluster-labs.test-sample.ts';
import { IDENTITY_LABS } from './path-world.identity-labs.test-sample.ts';
import { NETWORK_LABS } from './path-world.network-labs.test-sample.ts';
import { ONE_HOP_LABS } from './path-world.one-hop-labs.test-sample.ts';
import { SUPPLY_LABS } from './path-world.supply-labs.test-sample.ts';

/** Every lab with the paths that are expected of it and its hardened twin. */
export const ALL_LABS = {
  ...NETWORK_LABS,
  ...IDENTITY_LABS,
  ...SUPPLY_LABS,
  ...ONE_HOP_LABS,
  ...CHAINED_LABS,
  ...CLUSTER_LABS,
};
