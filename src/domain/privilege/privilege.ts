/**
 * How privileged somebody is (attack-paths §3.3), strongest first: P0 administrator, P1 administrator in
 * one call, P2 over others, P3 over data, P4 over the control plane (shown, and no detected risk).
 */
export const PRIVILEGE_LEVELS = ['P0', 'P1', 'P2', 'P3', 'P4'] as const;

export type PrivilegeLevel = (typeof PRIVILEGE_LEVELS)[number];

/** What a resource may do: as itself where it is an identity, else as whom it runs. */
export interface Privilege {
  readonly level: PrivilegeLevel | 'none' | 'unknown';
  /** Why, strongest first; sentences without a subject ("may read every secret"). */
  readonly reasons: readonly string[];
}
