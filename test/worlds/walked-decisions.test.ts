import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addPerson } from '../../src/app/add-person.ts';
import { DAY_MS } from '../../src/base/instant.ts';
import { presentHistory } from '../../src/contract/from-domain/present-history.ts';
import { imported, openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { act, muteIssue } from '../support/triage.ts';
import { type Change, type Estate, importEstate } from './walked/estate.ts';
import { inspected } from './walked/scans.ts';

const WORLD = join(import.meta.dirname, 'walked');
const START = Date.UTC(2026, 11, 1);
const DUE = '2026-12-31';

let inbox: TestInbox;
let estate: Estate;
beforeAll(async () => {
  inbox = await openTestInbox(START);
  estate = await importEstate(inbox, WORLD);
  await addPerson(inbox.ctx, { name: 'anna', role: 'triage' });
});
afterEach(() => estate.become([]));
afterAll(async () => {
  await estate?.remove();
  await inbox.close();
});

interface Row {
  readonly id: string;
  readonly name: string;
  readonly isMuted: boolean;
  readonly assignee: string | null;
  readonly due: string | null;
  readonly targets: readonly string[];
}

/** The attack paths over one pivot that are there, by name. */
async function over(pivot: string): Promise<readonly Row[]> {
  const { rows } = await inbox.database.pool.query<Row>(
    `select issue.id, regexp_replace(body #>> '{pivot,name}', '^.*[/:]', '') || ' ' || (body ->> 'targetClass') as name, issue.is_muted as "isMuted",
       issue.assignee, to_char(issue.due_at, 'YYYY-MM-DD') as due,
       (select array_agg(regexp_replace(target, '^.*[/:]', '') order by target) from jsonb_array_elements_text(body -> 'targets') as target) as targets
     from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open
     join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
     where issue.type = 'attack_path' order by name`,
  );
  return rows.filter(({ name }) => name.startsWith(`${pivot} `));
}

async function one(name: string): Promise<Row> {
  const found = (await over(name.split(' ')[0] ?? '')).find((row) => row.name === name);
  if (found === undefined) throw new Error(`no path ${name}`);
  return found;
}

async function decide({ id }: Row): Promise<void> {
  await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
  await act(inbox.ctx, id, { do: 'due', due: START + 30 * DAY_MS });
  await muteIssue(inbox.ctx, { id, reason: 'accepted', until: null });
}

const DECIDED = { isMuted: true, assignee: 'anna', due: DUE };
const UNDECIDED = { isMuted: false, assignee: null, due: null };

const historyOf = async (id: string) =>
  presentHistory((await inbox.ctx.inbox.history(id)) ?? []).items.map(({ sentence }) => sentence);

/** The lines of a file of Google Cloud, one of which is there once more under another name. */
const withTwin = (file: string, name: string, twin: string): Change => ({
  file: `cloud/${file}`,
  change: (text) =>
    text
      .split('\n')
      .flatMap((line) => (line.includes(name) ? [line, line.replaceAll(name, twin)] : [line]))
      .join('\n'),
});
const swap = (file: string, from: string, to: string): Change => ({
  file,
  change: (text) => text.replaceAll(from, to),
});
const LABELS = '"data-classification": "restricted", "pii": "true", "env": "dev"';

/** Two stores of production behind one flaw, of which nobody says what they hold, or says it of one. */
function stores(isOneSensitive: boolean): readonly Change[] {
  return [
    {
      file: 'cloud/resource.ndjson',
      change: (text) =>
        text
          .replaceAll(JSON.stringify(`{${LABELS}}`).slice(1, -1), '{"env": "prod"}')
          .replaceAll(LABELS, '"env": "prod"'),
    },
    withTwin('resource.ndjson', 'tw-members', 'tw-notes'),
    withTwin('iam-policy.ndjson', 'tw-members', 'tw-notes'),
    ...(isOneSensitive
      ? [
          {
            file: 'cloud/resource.ndjson',
            change: (text: string) =>
              text
                .split('\n')
                .map((line) =>
                  line.includes('tw-notes')
                    ? line.replace(
                        '"env": "prod"',
                        '"env": "prod", "data-classification": "restricted", "pii": "true"',
                      )
                    : line,
                )
                .join('\n'),
          },
        ]
      : []),
  ];
}

test('a path that becomes two by what is known of one of its targets: both have what was decided, and history says so', async () => {
  await estate.become(stores(false));
  const whole = await one('buoy production-data');
  expect(whole.targets).toEqual(['tw-members', 'tw-notes']);
  await decide(whole);
  await estate.become(stores(true));
  const parts = await over('buoy');
  expect(parts).toMatchObject([
    { name: 'buoy production-data', id: whole.id, targets: ['tw-members'], ...DECIDED },
    { name: 'buoy sensitive-data', targets: ['tw-notes'], ...DECIDED },
  ]);
  expect(await historyOf(parts[1]?.id ?? '')).toContain(
    `took over what was decided about a path that was here before: ${whole.id}`,
  );
  // And one again.
  await estate.become(stores(false));
  expect(await over('buoy')).toMatchObject([{ ...whole, ...DECIDED }]);
});

test('a role that is made again under the same name is the same pivot, also after it was gone for a while', async () => {
  const before = await one('gh-deploy account-admin');
  await decide(before);
  await estate.become([
    swap('front/iam-get-account-authorization-details.json', 'AROAGHDEPLOY', 'AROAMADEANEW'),
  ]);
  expect(await over('gh-deploy')).toEqual([{ ...before, ...DECIDED }]);
  await estate.become([swap('front/iam-get-account-authorization-details.json', 'gh-deploy', 'gh-other')]);
  expect(await over('gh-deploy')).toEqual([]);
  // Another name is another role, about which nobody decided anything.
  expect(await over('gh-other')).toMatchObject([{ name: 'gh-other account-admin', ...UNDECIDED }]);
  inbox.clock.set(inbox.clock.now() + 3 * DAY_MS);
  await estate.become([]);
  expect(await over('gh-deploy')).toEqual([{ ...before, ...DECIDED }]);
});

test('a flaw elsewhere is not what people decided about, though it leads to the same', async () => {
  const before = await one('tides production-data');
  await decide(before);
  await estate.become([
    swap(
      'cluster/services,deployments,rbac.json',
      'registry.example.net/tides:3',
      'registry.example.net/anchor:5',
    ),
  ]);
  expect(await over('tides')).toEqual([]);
  expect((await over('anchor')).filter(({ name }) => name === 'anchor production-data')).toMatchObject([
    UNDECIDED,
  ]);
  await estate.become([]);
  expect(await over('tides')).toEqual([{ ...before, ...DECIDED }]);
});

/** The machine of the way as another one, of a scaling group where its tag says so; Inspector finds the same flaw on it. */
async function machine(id: string, isOfGroup: boolean): Promise<readonly Row[]> {
  const file = 'front/eu-west-1/ec2-describe-instances.json';
  const tag = '{"Key":"team","Value":"harbour"}';
  const group = '{"Key":"aws:autoscaling:groupName","Value":"quay"}';
  await estate.become([swap(file, 'i-quay', id), ...(isOfGroup ? [swap(file, tag, `${tag},${group}`)] : [])]);
  inbox.clock.set(inbox.clock.now() + DAY_MS);
  const told = JSON.stringify(inspected(inbox.clock.now(), () => true)).replaceAll('i-quay', id);
  imported(
    await inbox.importReport(told, { source: 'inspector', confirm: true, complete: true }, 'inspector.json'),
  );
  return [...(await over('quay')), ...(await over(id))];
}

test('a machine that turns out to be one of a scaling group, and is replaced by the next, keeps what was decided about its path', async () => {
  const [before, ...others] = await machine('i-0a11', false);
  expect([before?.name, others]).toEqual(['i-0a11 sensitive-data', []]);
  await decide(before as Row);
  const grouped = await machine('i-0a11', true);
  const next = await machine('i-0b22', true);
  expect(grouped).toMatchObject([{ targets: ['tw-customers'], ...DECIDED }]);
  expect(next).toMatchObject([{ targets: ['tw-customers'], ...DECIDED }]);
  // It goes with its flaws, though a scanner alone tells so.
  const mended = JSON.stringify(inspected(inbox.clock.now(), (of) => !of.startsWith('i-quay'))).replaceAll(
    'i-quay',
    'i-0b22',
  );
  imported(await inbox.importReport(mended, { source: 'inspector', confirm: true }, 'mended.json'));
  expect(await over('quay')).toEqual([]);
});
