import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson } from '../../src/app/add-person.ts';
import { declareAlias, withdrawAlias } from '../../src/app/change-alias.ts';
import { changeAutomation } from '../../src/app/change-automation.ts';
import { addNetwork, removeNetwork } from '../../src/app/change-networks.ts';
import { acceptOwner, withdrawOwner } from '../../src/app/change-owners.ts';
import { switchRule } from '../../src/app/change-rules.ts';
import { chooseScoring } from '../../src/app/choose-scoring.ts';
import { editControl, resetControl } from '../../src/app/edit-control.ts';
import { forgetOld } from '../../src/app/forget-old.ts';
import { mergeSources } from '../../src/app/merge-sources.ts';
import { rateAdvisory, unrateAdvisory } from '../../src/app/rate-advisory.ts';
import { renameSource } from '../../src/app/rename-source.ts';
import { restoreSource } from '../../src/app/restore-source.ts';
import { retireSource } from '../../src/app/retire-source.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { undoImport } from '../../src/app/undo-import.ts';
import { DAY_MS, instantText, MINUTE_MS } from '../../src/base/instant.ts';
import { expectFreshPaths } from '../support/fresh-paths.ts';
import { grypeReport } from '../support/grype-report.ts';
import { imported, openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { muteIssue } from '../support/triage.ts';
import { type Change, type Estate, importEstate } from './walked/estate.ts';
import * as scans from './walked/scans.ts';

const WORLD = join(import.meta.dirname, 'walked');

let inbox: TestInbox;
let estate: Estate;
beforeAll(async () => {
  inbox = await openTestInbox(Date.UTC(2026, 11, 1));
  estate = await importEstate(inbox, WORLD);
  await addPerson(inbox.ctx, { name: 'anna', role: 'triage' });
});
afterAll(async () => {
  await estate?.remove();
  await inbox.close();
});

/** What the list says of each path. */
async function told(): Promise<readonly string[]> {
  const { paths } = await inbox.ctx.paths.list();
  return paths.map(({ issueId, path }) => JSON.stringify([issueId, path])).sort();
}

const later = (ms = MINUTE_MS) => inbox.clock.set(inbox.clock.now() + ms);
const swap = (file: string, from: string, to: string): Change => ({
  file,
  change: (text) => text.replaceAll(from, to),
});
const feeds = (otherwise: Parameters<typeof scans.tellFeeds>[1]) => scans.tellFeeds(inbox, otherwise);
const ids = async (word: string) =>
  (await inbox.list()).filter(({ title }) => title.includes(word)).map(({ id }) => id);

const CLUSTER = 'arn:aws:eks:eu-west-1:600000000001:cluster/tides';
const TIDES = `k8s:${CLUSTER}/apps/Deployment/shop/tides`;
const GROUPS = 'front/eu-west-1/ec2-describe-security-groups.json';
const IAM = 'front/iam-get-account-authorization-details.json';
const GHSA = 'GHSA-2222-3333-4444';
const GHSA_TOLD = 'GHSA-5555-6666-7777';
const grype = async (report: string) => {
  later();
  imported(await inbox.importReport(report, { source: 'grype', confirm: true }, 'grype.json'));
};
const RULES =
  'severity:\n  - { id: a, name: A, for: [library_vulnerability, infrastructure_vulnerability], set: low }\n';
/** What Prowler says of the user whose key lies in a bucket. */
const prowler = async (status_code: string) => {
  later();
  const [, , user] = scans.checked(inbox.clock.now());
  imported(await inbox.importReport([{ ...user, status_code }], { source: 'prowler' }, 'prowler.json'));
};
/** So much later, once it was looked what time has changed. */
const after = async (ms: number) => {
  later(ms);
  await sweepIssues(inbox.ctx);
  await expectFreshPaths(inbox);
};

type Act = () => Promise<unknown>;
const CHANGES: readonly (readonly [what: string, isTold: boolean, act: Act, back: Act])[] = [
  [
    'a flaw enters the catalogue of those that are exploited',
    true,
    () => feeds({ 'CVE-2026-4005': { epss: 0.1, isExploited: true } }),
    () => feeds({}),
  ],
  ['a flaw leaves it', true, () => feeds({ 'CVE-2026-4006': { epss: 0.02 } }), () => feeds({})],
  [
    'an exploit of a flaw is published',
    true,
    () =>
      feeds({ 'CVE-2026-4005': { epss: 0.1, references: ['https://github.com/x/CVE-2026-4005-exploit'] } }),
    () => feeds({}),
  ],
  [
    'EPSS expects a flaw to be used much sooner, above both of its thresholds',
    true,
    () => feeds({ 'CVE-2026-4005': { epss: 0.9 } }),
    () => feeds({}),
  ],
  [
    'EPSS says a little more, between its thresholds',
    true,
    async () => {
      await feeds({ 'CVE-2026-4005': { epss: 0.06 } });
      const then = await told();
      await feeds({ 'CVE-2026-4005': { epss: 0.09 } });
      expect(await told()).not.toEqual(then);
    },
    () => feeds({}),
  ],
  ['EPSS knows a flaw no longer', true, () => feeds({ 'CVE-2026-4005': { epss: 0.001 } }), () => feeds({})],
  [
    'a flaw is rated by a vector that runs no code',
    true,
    () =>
      rateAdvisory(inbox.ctx, {
        advisory: 'CVE-2026-4006',
        vector: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
        reason: 'not used so',
      }),
    () => unrateAdvisory(inbox.ctx, { advisory: 'CVE-2026-4006' }),
  ],
  [
    'P4 counts as privileged',
    false,
    () => chooseScoring(inbox.ctx, { privilegedAccess: 'P0-P4' }),
    () => chooseScoring(inbox.ctx, { privilegedAccess: 'P0-P3' }),
  ],
  [
    'severities are those of their sources',
    false,
    () => chooseScoring(inbox.ctx, { severityBasis: 'base' }),
    () => chooseScoring(inbox.ctx, { severityBasis: 'adjusted' }),
  ],
  [
    'a rule is switched off',
    false,
    () => switchRule(inbox.ctx, { id: 'default.attack_path', isEnabled: false }),
    () => switchRule(inbox.ctx, { id: 'default.attack_path', isEnabled: true }),
  ],
  [
    'a control is edited',
    false,
    () => editControl(inbox.ctx, { id: 's3.public-read', request: { severity: 'low', reason: 'so' } }),
    () => resetControl(inbox.ctx, { id: 's3.public-read' }),
  ],
  [
    'a flaw is muted',
    false,
    async () => {
      for (const id of await ids('CVE-2026-4006'))
        await muteIssue(inbox.ctx, { id, reason: 'false positive', until: inbox.clock.now() + DAY_MS });
    },
    async () => {
      later(2 * DAY_MS);
      await sweepIssues(inbox.ctx);
    },
  ],
  [
    'somebody is accepted as the owner',
    false,
    () => acceptOwner(inbox.ctx, { resource: TIDES, owner: 'harbour' }),
    () => withdrawOwner(inbox.ctx, { resource: TIDES }),
  ],
  [
    'a range is the own network, and alone let in',
    true,
    async () => {
      await estate.become([swap(GROUPS, '0.0.0.0/0', '52.0.0.0/7')]);
      const then = await told();
      await addNetwork(inbox.ctx, { label: 'office', cidr: '52.0.0.0/7' });
      expect(await told()).not.toEqual(then);
    },
    async () => {
      await removeNetwork(inbox.ctx, { cidr: '52.0.0.0/7' });
      await expectFreshPaths(inbox);
      await estate.become([]);
    },
  ],
  [
    'a flaw has another name, which is said to be the same',
    true,
    async () => {
      later();
      const report = JSON.stringify(scans.grypeOf(inbox.clock.now(), ['CVE-2026-4006']));
      await grype(report.replaceAll('CVE-2026-4006', GHSA));
      const then = await told();
      await declareAlias(inbox.ctx, { name: GHSA, target: 'CVE-2026-4006' });
      expect(await told()).not.toEqual(then);
    },
    async () => {
      const then = await told();
      await withdrawAlias(inbox.ctx, { name: GHSA, target: 'CVE-2026-4006' });
      expect(await told()).not.toEqual(then);
      await expectFreshPaths(inbox);
      await grype(JSON.stringify(scans.grypeOf(inbox.clock.now(), ['CVE-2026-4006'])));
    },
  ],
  [
    'a report about something else says that two names are one flaw',
    true,
    async () => {
      const report = JSON.stringify(scans.grypeOf(inbox.clock.now(), ['CVE-2026-4006']));
      await grype(report.replaceAll('CVE-2026-4006', GHSA_TOLD));
      const then = await told();
      later();
      const elsewhere = grypeReport({
        image: 'registry.example.net/nobody:1',
        digest: 'nobody',
        at: inbox.clock.now(),
        matches: [{ id: GHSA_TOLD, related: ['CVE-2026-4006'] }],
      });
      imported(await inbox.importReport(elsewhere, { source: 'grype' }, 'elsewhere.json'));
      expect(await told()).not.toEqual(then);
    },
    () => grype(JSON.stringify(scans.grypeOf(inbox.clock.now(), ['CVE-2026-4006']))),
  ],
  [
    'an attack is seen, and grows old',
    true,
    () => {
      const event = {
        time: instantText(inbox.clock.now()),
        rule: 'Read sensitive file untrusted',
        priority: 'Warning',
        output: 'cat read /etc/shadow',
        source: 'syscall',
        output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'tides-7d9f8c6b54-x2x9k' },
      };
      return inbox.importReport(event, { scope: { cluster: CLUSTER } }, 'falco.json');
    },
    async () => {
      const then = await told();
      await after(16 * DAY_MS);
      expect(await told()).not.toEqual(then);
    },
  ],
  [
    'an import is taken back',
    true,
    async () => {
      await grype(JSON.stringify(scans.grypeOf(inbox.clock.now(), [])));
      const then = await told();
      const { rows } = await inbox.database.pool.query<{ id: string }>(
        "select id from scan where source_id = 'grype' order by id desc limit 1",
      );
      await expectFreshPaths(inbox);
      await undoImport(inbox.ctx, { scanId: rows[0]?.id ?? '' });
      await expectFreshPaths(inbox);
      expect(await told()).not.toEqual(then);
      await grype(JSON.stringify(scans.grypeOf(inbox.clock.now(), [])));
    },
    () => grype(JSON.stringify(scans.grypeOf(inbox.clock.now(), ['CVE-2026-4006']))),
  ],
  [
    'the date of a policy passes',
    true,
    async () => {
      const until = instantText(inbox.clock.now() + 2 * DAY_MS);
      const when = `"Condition":{"DateLessThan":{"aws:CurrentTime":"${until}"}},"Action":"sts:AssumeRole","Resource":"arn:aws:iam::600000000002:role/ledger-reader"`;
      const what = '"Action":"sts:AssumeRole","Resource":"arn:aws:iam::600000000002:role/ledger-reader"';
      await estate.become([swap(IAM, what, when)]);
      const then = await told();
      await after(3 * DAY_MS);
      expect(await told()).not.toEqual(then);
    },
    () => estate.become([]),
  ],
  [
    'the date of a policy passes on which no finding is',
    true,
    async () => {
      const until = instantText(inbox.clock.now() + 2 * DAY_MS);
      const what = '"Action":"lambda:UpdateFunctionCode"';
      await estate.become([
        swap(IAM, what, `"Condition":{"DateLessThan":{"aws:CurrentTime":"${until}"}},${what}`),
      ]);
      const then = await told();
      await after(3 * DAY_MS);
      expect(await told()).not.toEqual(then);
    },
    () => estate.become([]),
  ],
  ['what a scanner says of an administrator is mended', true, () => prowler('PASS'), () => prowler('FAIL')],
  [
    'the time of a condition of Google Cloud passes',
    true,
    async () => {
      const condition = {
        expression: `request.time < timestamp("${instantText(inbox.clock.now() + 2 * DAY_MS)}")`,
      };
      const members = '"members": ["serviceAccount:buoy@tw-lab.iam.gserviceaccount.com"]';
      await estate.become([
        swap('cloud/iam-policy.ndjson', members, `${members}, "condition": ${JSON.stringify(condition)}`),
      ]);
      const then = await told();
      await after(3 * DAY_MS);
      expect(await told()).not.toEqual(then);
    },
    () => estate.become([]),
  ],
  ['what feeds do not say grows old', false, () => after(45 * DAY_MS), () => feeds({})],
  [
    'a rule of the organisation changes severities',
    false,
    () => changeAutomation(inbox.ctx, { what: 'file', text: RULES }),
    () => changeAutomation(inbox.ctx, { what: 'file', text: 'severity: []\n' }),
  ],
  [
    'a source of flaws is retired',
    true,
    () => retireSource(inbox.ctx, { id: 'grype', keys: {} }),
    () => restoreSource(inbox.ctx, { id: 'grype', keys: {} }),
  ],
  [
    'a source of inventories is retired',
    true,
    () => retireSource(inbox.ctx, { id: 'aws-cli', keys: {} }),
    () => restoreSource(inbox.ctx, { id: 'aws-cli', keys: {} }),
  ],
  [
    'a source is renamed',
    false,
    () => renameSource(inbox.ctx, { id: 'trivy', name: 'Images' }),
    () => renameSource(inbox.ctx, { id: 'trivy', name: 'trivy' }),
  ],
  [
    'one source is said to be another',
    false,
    () => mergeSources(inbox.ctx, { id: 'trivy', into: 'grype' }),
    async () => undefined,
  ],
  [
    'a machine is gone',
    true,
    () =>
      estate.become([
        swap(
          'front/eu-west-1/ec2-describe-instances.json',
          '"InstanceId":"i-quay","State":{"Name":"running"}',
          '"InstanceId":"i-quay","State":{"Name":"terminated"}',
        ),
      ]),
    () => estate.become([]),
  ],
  [
    'a role may no more',
    true,
    () =>
      estate.become([
        swap('front/iam-get-account-authorization-details.json', 'sts:AssumeRole"', 'sts:TagSession"'),
      ]),
    () => estate.become([]),
  ],
  [
    'a bucket is no production',
    true,
    () => estate.become([swap('vault/s3api-get-bucket-tagging-tw-customers.json', 'prod', 'dev')]),
    () => estate.become([]),
  ],
];

describe('attack paths are those that are found anew', () => {
  test('after all was imported', () => expectFreshPaths(inbox));

  test.each(CHANGES)('%s', async (_what, isTold, act, back) => {
    const before = await told();
    later();
    await act();
    const then = await told();
    await expectFreshPaths(inbox);
    if (isTold) expect(then).not.toEqual(before);
    later();
    await back();
    await expectFreshPaths(inbox);
  });

  test('when all that is old is forgotten', async () => {
    await estate.become([swap(GROUPS, '0.0.0.0/0', '52.0.0.0/7')]);
    await estate.become([]);
    await after(401 * DAY_MS);
    await forgetOld(inbox.ctx);
    await expectFreshPaths(inbox);
  });
});
