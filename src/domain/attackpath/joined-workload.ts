/** What runs something that has a flaw or holds a credential, and how that is known. */
export interface JoinedWorkloads {
  /** Keys of what runs it. */
  readonly on: readonly string[];
  /** By such keys, what was taken as given to say so; absent where all of it is exact (attack-paths §1.1). */
  readonly assumedJoins?: ReadonlyMap<string, string> | undefined;
}

/** These workloads, as flaws and credentials name them. */
export function joinedWorkloads(
  workloads: readonly { readonly key: string; readonly assumed: string | null }[],
): JoinedWorkloads {
  const assumedJoins = new Map(
    workloads.flatMap(({ key, assumed }) => (assumed === null ? [] : [[key, assumed] as const])),
  );
  const on = workloads.map(({ key }) => key);
  return assumedJoins.size === 0 ? { on } : { on, assumedJoins };
}

/** What a step that begins at one of the workloads takes as given. */
export function assumedOn({ assumedJoins }: JoinedWorkloads, key: string): readonly string[] {
  const assumed = assumedJoins?.get(key);
  return assumed === undefined ? [] : [assumed];
}
