/** Whose data it is. One organisation lies in one shard until it grows beyond it: shard = id * 1024 + bucket. */
export interface Organisation {
  readonly id: bigint;
  readonly shard: bigint;
}

export function organisationOf(id: bigint): Organisation {
  return { id, shard: id * 1024n };
}
