import { isHarmless, type SpokenOf, type VexStatement, vexWord } from '#domain/finding/vex.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

interface StatementRow extends VexStatement {
  /** As the findings call it today. */
  readonly current: string;
}

interface FindingRow extends SpokenOf {
  readonly fingerprint: string;
  readonly advisory: string;
}

/** What VEX says of the open findings of these issues that is to be left alone, with who says so and why. */
export async function loadVexWords(
  db: Queryable,
  { id, shard }: Organisation,
  issueIds: readonly string[],
): Promise<ReadonlyMap<string, VexStatement>> {
  const words = new Map<string, VexStatement>();
  const statements = await db.query<StatementRow>({
    name: 'vex-statements',
    text: `select named.target as current, source.name as source, entry.body ->> 'advisory' as advisory, entry.body ->> 'product' as product, entry.body ->> 'within' as within,
        entry.body ->> 'status' as status, entry.body ->> 'justification' as justification, entry.body ->> 'statement' as statement, (entry.body ->> 'statedAt')::float8 as "statedAt"
      from (select distinct advisory as target, advisory as name from finding where shard = $1 and issue_id = any($2::text[]) and is_open and advisory is not null
        union select finding.advisory, alias.name from finding join alias on alias.organisation = $3 and alias.kind = 'advisory' and alias.target = finding.advisory and alias.withdrawn_at is null
          where finding.shard = $1 and finding.issue_id = any($2::text[]) and finding.is_open) as named
      join catalogue_entry as entry on entry.shard = $1 and entry.kind = 'vex' and not entry.is_retired and entry.body ->> 'advisory' = named.name
      join source on source.organisation = $3 and source.id = entry.source_id
      where exists (select from catalogue_entry where shard = $1 and kind = 'vex' and not is_retired)`,
    values: [shard, issueIds, id],
  });
  if (statements.rows.length === 0) return words;
  const byAdvisory = Map.groupBy(statements.rows, (row) => row.current);
  const findings = await db.query<FindingRow>({
    name: 'findings-spoken-of',
    text: `select fingerprint, advisory, place, resource_key as "resourceKey", resource_name as "resourceName",
        array(select location ->> 'version' from jsonb_array_elements(summary -> 'locations') as location where location ->> 'version' is not null) as versions,
        array(select scope -> 'image' ->> 'reference' from jsonb_array_elements(summary -> 'scopes') as scope where scope -> 'image' ->> 'reference' is not null) as "references",
        array(select scope -> 'image' ->> 'digest' from jsonb_array_elements(summary -> 'scopes') as scope where scope -> 'image' ->> 'digest' is not null) as digests
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open and advisory = any($3::text[])`,
    values: [shard, issueIds, [...byAdvisory.keys()]],
  });
  for (const finding of findings.rows) {
    const word = vexWord(byAdvisory.get(finding.advisory) ?? [], finding);
    if (word !== null && isHarmless(word)) words.set(finding.fingerprint, word);
  }
  return words;
}
