import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../../src/store/database.ts';
import { percentile, timed } from './measure.ts';
import type { MeasuredInbox } from './measured-inbox.ts';

/** Milliseconds until the list is right again after one thing changed, and how many issues it moved. */
export interface Flip {
  readonly name: string;
  /** When it happens first, right after all was written: the program is compiled, and the database reads from disk. */
  readonly first: number;
  /** At the median of a few times more; null where it cannot be taken back. */
  readonly then: number | null;
  readonly issues: number;
}

const TIMES_MORE = 5;

const FINDINGS_PER_RESOURCE = 200;
const WORKLOAD = 'web';
const CLUSTER = { cluster: 'bench' };

/**
 * Spreads the findings over resources of two hundred each, one of them a workload of a cluster, and gives one
 * issue a twentieth of all findings; then changes one thing at a time, through the product's own doors.
 */
export async function measureFlips(
  pool: Pool,
  inbox: MeasuredInbox,
  folder: string,
  findings: number,
): Promise<readonly Flip[]> {
  const path = join(folder, 'cluster.json');
  const inventory = async (isPublic: boolean) => {
    await writeFile(path, JSON.stringify(clusterList(isPublic)));
    await inbox.importFile(path, CLUSTER);
  };
  await inventory(false);
  const advisories = await spread(pool, findings);
  const flips: Flip[] = [];
  const flip = async (
    name: string,
    moved: string,
    action: () => Promise<unknown>,
    takeBack?: () => Promise<unknown>,
  ) => {
    const first = await timed(action);
    const result = await pool.query<{ count: bigint }>(`select count(*) from issue where ${moved}`);
    const more: number[] = [];
    while (takeBack !== undefined && more.length < TIMES_MORE) {
      await takeBack();
      more.push(await timed(action));
    }
    const then = more.length > 0 ? percentile(more, 0.5) : null;
    flips.push({ name, first, then, issues: Number(result.rows[0]?.count ?? 0n) });
  };
  await flip(
    'a workload becomes public',
    'risks_yes & 1 <> 0',
    () => inventory(true),
    () => inventory(false),
  );
  const events = join(folder, 'falco.json');
  await writeFile(events, JSON.stringify(attack()));
  await flip('the workload is attacked', 'risks_yes & 4 <> 0', () => inbox.importFile(events, CLUSTER));
  // The first catalogue tells of every advisory that it is not listed: that happens once, and is not what is measured.
  await inbox.addToKev([]);
  await flip(
    'an advisory enters KEV',
    'risks_yes & 8 <> 0',
    () => inbox.addToKev([advisories.small]),
    () => inbox.addToKev([]),
  );
  await flip(
    `one of ${Math.round(findings / 20 / 1000)} k findings enters KEV`,
    `risks_yes & 8 <> 0 and advisory = '${advisories.large}'`,
    () => inbox.addToKev([advisories.small, advisories.large]),
    () => inbox.addToKev([advisories.small]),
  );
  return flips;
}

async function spread(
  pool: Pool,
  findings: number,
): Promise<{ readonly small: string; readonly large: string }> {
  const resources = Math.ceil(findings / FINDINGS_PER_RESOURCE);
  const number = `abs(hashtext(fingerprint::text)) % ${resources}`;
  const workload = "(select key from resource where estate = 'k8s:bench' and type = 'workload' limit 1)";
  const issues = await pool.query<{ id: string; key: string; advisory: string }>(
    'select id, key, advisory from issue where advisory is not null order by id limit 2',
  );
  const [small, large] = issues.rows;
  if (small === undefined || large === undefined) throw new Error('no issues to flip');
  await pool.query(
    `update finding set resource_key = case ${number} when 0 then ${workload} else 'host:bench-' || ${number} end, resource_kind = 'host'
     where resource_kind = 'image'`,
  );
  await pool.query(
    'update finding set issue_id = $1, issue_key = $2, advisory = $3 where abs(hashtext(fingerprint::text)) % 20 = 7',
    [large.id, large.key, large.advisory],
  );
  await pool.query(
    `insert into resource (shard, key, kind, type, name, tags, production, publicly_accessible, privileged_access)
     select distinct on (finding.resource_key) finding.shard, finding.resource_key, 'host', 'host', finding.resource_key, '{}'::jsonb, example.production, example.publicly_accessible, example.privileged_access
     from finding, (select * from resource where kind = 'image' limit 1) as example
     on conflict do nothing`,
  );
  await pool.query('analyze');
  return { small: small.advisory, large: large.advisory };
}

function clusterList(isPublic: boolean): unknown {
  const labels = { app: WORKLOAD };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: WORKLOAD, namespace: 'shop', labels },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: WORKLOAD, image: 'web:1', ports: [{ containerPort: 8443 }] }] },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: WORKLOAD, namespace: 'shop' },
        spec: {
          type: isPublic ? 'LoadBalancer' : 'ClusterIP',
          selector: labels,
          ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }],
        },
        status: isPublic ? { loadBalancer: { ingress: [{ ip: '52.16.0.9' }] } } : {},
      },
    ],
  };
}

function attack(): unknown {
  return {
    output: 'A shell was spawned',
    priority: 'Critical',
    rule: 'Terminal shell in container',
    source: 'syscall',
    time: new Date().toISOString(),
    hostname: 'node-1',
    output_fields: {
      'k8s.ns.name': 'shop',
      'k8s.pod.name': `${WORKLOAD}-5c9d8f7b6d-x2x4z`,
      'container.id': 'c1',
    },
  };
}
