import { type Instant, instantText } from '#base/instant.ts';
import { familyOfType } from '#domain/attackpath/asset-family.ts';
import { credentialOf } from '#domain/attackpath/credential-of-finding.ts';
import { joinedWorkloads } from '#domain/attackpath/joined-workload.ts';
import type { Credential } from '#domain/attackpath/path-facts.ts';
import { isServiceOfOthers } from '#domain/attackpath/service-of-others.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import { accessKeyName, applicationName } from '#domain/finding/opened-by.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { loadResourceContexts } from '../resources.ts';
import { loadServiceRunners } from '../service-runners.ts';
import { loadRunningWorkloads, runningOf } from '../workloads.ts';
import type { CappedRows } from './capped-rows.ts';

interface SecretRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly finding_type: FindingType;
  readonly resource_key: string;
  readonly resource_kind: Credential['place']['kind'];
  readonly resource_name: string;
  readonly summary: FindingSummary;
  readonly type: string | null;
}

/** Secrets that say whose they are; an organisation with more has other worries. */
const ROWS_MAX = 5_000;

/** Credentials that findings are about, secrets and what is written into code, and of which it is known what they open. */
export async function loadCredentials(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  caps: CappedRows,
): Promise<readonly Credential[]> {
  const { shard } = organisation;
  const asked = `select finding.fingerprint, issue_id, finding.type as finding_type, resource_key, resource_kind, resource_name, summary, resource.type
      from finding left join resource on resource.shard = finding.shard and resource.key = finding.resource_key
      where finding.shard = $1 and is_open and`;
  const secrets = await connection.query<SecretRow>({
    name: 'secrets-that-open',
    text: `${asked} finding.type = 'secret' and (summary ? 'opens' or summary ? 'isLeaked')
      order by finding.fingerprint limit $2`,
    values: [shard, ROWS_MAX + 1],
  });
  const inCode = await connection.query<SecretRow>({
    name: 'credentials-in-code',
    text: `${asked} finding.type = 'code_vulnerability' and summary ->> 'severity' in ('critical', 'high') and summary ? 'opens'
      order by finding.fingerprint limit $2`,
    values: [shard, ROWS_MAX + 1],
  });
  const code = caps.take(inCode.rows, ROWS_MAX, 'credentials in code');
  const rows = [...caps.take(secrets.rows, ROWS_MAX, 'secrets that open something'), ...code];
  if (rows.length === 0) return [];
  const opened = await openedKeys(connection, shard, now, [
    ...new Set(rows.flatMap(({ summary }) => summary.opens ?? [])),
  ]);
  const images = rows.flatMap((row) => (row.resource_kind === 'image' ? [row.resource_key] : []));
  const running = await loadRunningWorkloads(connection, shard, [...new Set(images)]);
  const serving = await runnersOfCode(connection, organisation, now, code);
  return rows.flatMap((row) => {
    const runs = row.type !== null && familyOfType(row.type) === 'workload';
    const credential = credentialOf({
      fingerprint: row.fingerprint,
      issueId: row.issue_id,
      summary: row.summary,
      place: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
      type: row.type,
      ...joinedWorkloads([
        ...(runs ? [exactly(row.resource_key)] : []),
        ...runningOf(running.get(row.resource_key), row.summary.scopes),
        ...(row.finding_type === 'secret' ? [] : serving(row).map(exactly)),
      ]),
      opens: [...new Set((row.summary.opens ?? []).flatMap((text) => opened.get(text) ?? []))],
      // Of keys that were told to be out of force nothing is opened.
      isInForce: (row.summary.opens ?? []).some((text) => text.startsWith('access-key:') && opened.has(text)),
    });
    return credential === null ? [] : [credential];
  });
}

function exactly(key: string): { readonly key: string; readonly assumed: null } {
  return { key, assumed: null };
}

/** What runs the services whose code these findings are in, and has what is written into it at hand. */
async function runnersOfCode(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  rows: readonly SecretRow[],
): Promise<(row: SecretRow) => readonly string[]> {
  if (rows.length === 0) return () => [];
  const contexts = await loadResourceContexts(connection, organisation, now, [
    ...new Set(rows.map((row) => row.resource_key)),
  ]);
  const asked = (row: SecretRow) => ({ ...row, type: row.finding_type });
  const runners = await loadServiceRunners(connection, organisation.shard, rows.map(asked), (key) =>
    contexts.get(key),
  );
  return (row) => runners.of(asked(row), contexts.get(row.resource_key));
}

/** Whether the signature of an address in an open secret ran out in this time: nothing else tells that it opens nothing any more. */
export async function hasSignatureEnded(
  connection: Connection,
  shard: bigint,
  after: Instant,
  now: Instant,
): Promise<boolean> {
  const ended = await connection.query({
    name: 'ended-signatures',
    text: `select from finding where shard = $1 and is_open and type = 'secret' and summary ? 'opens'
        and exists (select from jsonb_array_elements_text(summary -> 'opens') as name
          where name like 'azure-storage:% until %' and split_part(name, ' until ', 2) > $2 and split_part(name, ' until ', 2) <= $3)
      limit 1`,
    values: [shard, instantText(after), instantText(now)],
  });
  return ended.rowCount === 1;
}

/** What the names that credentials tell are, by those names. */
async function openedKeys(
  connection: Connection,
  shard: bigint,
  now: Instant,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const add = (name: string, key: string): void => {
    found.set(name, [...(found.get(name) ?? []), key]);
  };
  for (const name of names) if (name.startsWith('arn:')) add(name, `aws:${name}`);
  const hosts = names.flatMap((name) => (name.startsWith('host:') ? [name.slice('host:'.length)] : []));
  if (hosts.length > 0) {
    const databases = await connection.query<{ key: string; host: string }>({
      name: 'databases-by-host',
      text: `select key, lower(facts -> 'Endpoint' ->> 'Address') as host from resource
        where shard = $1 and gone_at is null and type in ('rds-instance', 'redshift-cluster')
          and lower(facts -> 'Endpoint' ->> 'Address') = any($2::text[]) order by key`,
      values: [shard, hosts],
    });
    for (const { key, host } of databases.rows) add(`host:${host}`, key);
  }
  for (const host of hosts) if (isServiceOfOthers(host)) add(`host:${host}`, `saas:${host}`);
  const applications = new Set(names.filter((name) => name.startsWith('entra-application:')));
  if (applications.size > 0) {
    const principals = await connection.query<{ key: string; app: string }>({
      name: 'principals-of-applications',
      text: `select key, facts ->> 'appId' as app from resource
        where shard = $1 and gone_at is null and type = 'entra-service-principal' and facts ? 'appId' order by key`,
      values: [shard],
    });
    for (const { key, app } of principals.rows)
      if (applications.has(applicationName(app))) add(applicationName(app), key);
  }
  const signed = names.flatMap((name) => {
    const [, account, container, until] =
      /^azure-storage:([^\s/]+)(?:\/(\S+))?(?: until (.*))?$/.exec(name) ?? [];
    return account === undefined || (until !== undefined && Date.parse(until) <= now)
      ? []
      : [{ name, account, container }];
  });
  if (signed.length > 0) {
    const stores = await connection.query<{ key: string; account: string; container: string | null }>({
      name: 'signed-stores',
      // What lies in a container may be told of it alone.
      text: `select key, lower(name) as account, null as container from resource
        where shard = $1 and gone_at is null and type = 'azure-storage-account' and lower(name) = any($2::text[])
        union all select part.key, lower(whole.name), lower(part.name) from resource as whole
          join resource as part on part.shard = whole.shard and part.key > whole.key || '/blobservices/' and part.key < whole.key || '/blobservices0'
            and part.type = 'azure-blob-container' and part.gone_at is null
          where whole.shard = $1 and whole.gone_at is null and whole.type = 'azure-storage-account' and lower(whole.name) = any($2::text[]) order by key`,
      values: [shard, signed.map(({ account }) => account)],
    });
    for (const { key, account, container } of stores.rows)
      for (const each of signed) {
        const isOpened = container === null || (each.container ?? container) === container;
        if (each.account === account && isOpened) add(each.name, key);
      }
  }
  const asked = new Set(names.filter((name) => name.startsWith('access-key:')));
  if (asked.size > 0) {
    const keys = await connection.query<{ name: string; estate: string; user: string | null }>({
      name: 'access-keys',
      text: `select name, estate, facts ->> 'UserName' as user from resource
        where shard = $1 and gone_at is null and type = 'iam-access-key' and facts ->> 'Status' is distinct from 'Inactive' order by key`,
      values: [shard],
    });
    const users = await connection.query<{ key: string; name: string; estate: string }>({
      name: 'users-with-keys',
      text: `select key, name, estate from resource where shard = $1 and gone_at is null and type = 'iam-user' and name = any($2::text[]) order by key`,
      values: [shard, [...new Set(keys.rows.flatMap(({ user }) => user ?? []))]],
    });
    for (const { name, estate, user } of keys.rows) {
      const owner = users.rows.find((each) => each.estate === estate && each.name === user);
      if (asked.has(accessKeyName(name)) && owner !== undefined) add(accessKeyName(name), owner.key);
    }
  }
  return found;
}
