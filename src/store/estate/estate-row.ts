import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '#domain/risk/estate.ts';

/** A described resource as it is stored. */
export interface EstateRow {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
  /** When it was described; absent where it was stored before that was kept. */
  readonly described_at: Instant | null;
  readonly is_second_hand: boolean;
}

export function estateResource(row: EstateRow): EstateResource {
  const { key, type, name, account, region, tags, facts } = row;
  return {
    key,
    type,
    name,
    account,
    region,
    tags,
    facts,
    seenAt: row.seen_at,
    provenance: row.source_id,
    describedAt: row.described_at ?? row.seen_at,
    ...(row.is_second_hand ? { isSecondHand: true } : {}),
  };
}

/** The columns of an `EstateRow`. */
export const ESTATE_COLUMNS =
  'key, type, name, account, region, tags, facts, seen_at, source_id, described_at, is_second_hand';

/** What a scan described, with what was known of each before; null where it was not described then. */
export type DescribedBefore = ReadonlyMap<string, EstateRow | null>;
