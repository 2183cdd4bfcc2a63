/**
 * What an attacker may hold on an asset, in ladders by the family of the asset: who holds a higher capability holds those
 * below it (attack-paths §1.4). `ssrf` is making a workload send requests that the attacker words.
 */
const LADDERS = {
  workload: ['reach', 'ssrf', 'exec', 'root'],
  node: ['reach', 'exec', 'root'],
  principal: ['use'],
  account: ['admin'],
  datastore: ['list', 'read', 'write', 'admin'],
  repository: ['read', 'write'],
  /** Of messages: who may send to it. */
  queue: ['write'],
  /** Where an attacker comes from: the internet, any customer of a cloud. */
  origin: ['reach'],
} as const;

export type AssetFamily = keyof typeof LADDERS;

export type Capability = (typeof LADDERS)[AssetFamily][number];

/** All there are, in the order of their bytes. */
export const CAPABILITIES: readonly Capability[] = [...new Set(Object.values(LADDERS).flat())].sort();

/** A capability on one asset. The asset is a canonical id (attack-paths §1.1), of a resource or of an origin. */
export interface State {
  readonly asset: string;
  readonly family: AssetFamily;
  readonly capability: Capability;
}

/** One text for each state: a capability has no space in it. */
export function stateKey({ asset, capability }: State): string {
  return `${capability} ${asset}`;
}

/** Whether who is in the first state is in the second as well: the same asset, and a capability that is no lower. */
export function includesState(held: State, wanted: State): boolean {
  const ladder: readonly Capability[] = LADDERS[wanted.family];
  return held.asset === wanted.asset && ladder.indexOf(held.capability) >= ladder.indexOf(wanted.capability);
}
