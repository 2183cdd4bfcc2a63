import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlRequest, editControl, resetControl } from '../src/app/edit-control.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { listControls, showControl } from '../src/app/list-controls.ts';
import { CONTROLS } from '../src/domain/control/control-catalogue.ts';
import type { IssueRow } from '../src/domain/ports/inbox-store.ts';
import { prowlerReport } from './support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
  const { findings } = imported(
    await inbox.importReport(
      prowlerReport([
        { check: 's3_bucket_level_public_access_block', bucket: 'one' },
        { check: 's3_bucket_level_public_access_block', bucket: 'two' },
        { check: 's3_bucket_public_access', bucket: 'one' },
        { check: 's3_bucket_default_encryption', bucket: 'one' },
      ]),
    ),
  );
  expect(findings).toBe(4);
});
afterAll(() => inbox.close());

const edit = (id: string, request: ControlRequest) => editControl(inbox.ctx, { id, request });
const named = (rows: readonly IssueRow[], part: string) => rows.find(({ key }) => key.includes(part));
const row = async (part: string) => named(await inbox.list(), part);
const events = async () =>
  (
    await inbox.database.pool.query(
      `select actor, verb, subject, details from event where subject like 'control:%' order by id`,
    )
  ).rows;

const BLOCK = 's3.bpa-bucket-off';
const OFFICE = { reason: 'we were had by this once' };

describe('an edit of a control', () => {
  test('counts at once for its issues, for the rank too, and for no other', async () => {
    const before = await inbox.list();
    expect(before.map(({ key, severity, isAdmitted }) => [key, severity, isAdmitted])).toEqual([
      ['misconfiguration|s3.public-read', 'critical', true],
      ['misconfiguration|s3.bpa-bucket-off', 'medium', false],
      ['misconfiguration|prowler:s3_bucket_default_encryption', 'medium', false],
    ]);
    const changed = await edit(BLOCK, {
      ...OFFICE,
      impact: 'critical',
      accessibility: 'public',
      inbox: true,
    });
    expect(changed).toMatchObject({
      severity: 'critical',
      inbox: true,
      edit: { impact: 'critical', vector: null, severity: null, by: 'tester', at: START },
    });
    expect(await row(BLOCK)).toMatchObject({
      severity: 'critical',
      score: 9.5,
      isAdmitted: true,
      admittedBy: ['default.misconfiguration'],
      resources: 2,
    });
    const others = (rows: readonly IssueRow[]) => rows.filter(({ key }) => !key.includes(BLOCK));
    expect(others(await inbox.list())).toEqual(others(before));
  });

  test('keeps what a later one does not say, and gives the catalogue its word back for null', async () => {
    await edit(BLOCK, { ...OFFICE, severity: 'info' });
    expect(await showControl(inbox.ctx, { id: BLOCK })).toMatchObject({
      severity: 'info',
      impact: 'critical',
      inbox: true,
    });
    expect(await row(BLOCK)).toMatchObject({ severity: 'info', isAdmitted: true });
    await edit(BLOCK, { ...OFFICE, severity: null, impact: null, inbox: null });
    // The accessibility that was said stays: in public the catalogue's medium impact is high.
    expect(await row(BLOCK)).toMatchObject({ severity: 'high', isAdmitted: false });
    expect(await showControl(inbox.ctx, { id: BLOCK })).toMatchObject({
      likelihood: { accessibility: 'public' },
      edit: { impact: null, accessibility: 'public' },
    });
  });

  test('is told by why, with who and for what reason', async () => {
    await edit(BLOCK, { ...OFFICE, severity: 'low' });
    const issue = await explainIssue(inbox.ctx, { id: (await row(BLOCK))?.id ?? '' });
    expect(issue.why?.score.sentence).toMatch(
      /^Low as the organisation says: .*changed here by tester: we were/,
    );
    expect(issue.why?.control).toMatchObject({ id: BLOCK, edit: { reason: OFFICE.reason } });
  });

  test('counts for reports that come later', async () => {
    await inbox.importReport(
      prowlerReport([{ check: 's3_bucket_level_public_access_block', bucket: 'three' }]),
      {},
      'later.json',
    );
    expect(await row(BLOCK)).toMatchObject({ severity: 'low', resources: 3 });
  });

  test('goes by a reset, and a second one changes nothing', async () => {
    expect(await resetControl(inbox.ctx, { id: BLOCK })).toMatchObject({ severity: 'medium', edit: null });
    expect(await row(BLOCK)).toMatchObject({ severity: 'medium', isAdmitted: false });
    const told = await events();
    expect((await resetControl(inbox.ctx, { id: BLOCK })).edit).toBeNull();
    expect(await events()).toEqual(told);
  });

  test('leaves a row in the audit trail each time', async () => {
    const told = await events();
    expect(told.map(({ actor, verb, subject }) => `${actor}: ${verb} ${subject}`).sort()).toEqual([
      ...Array(4).fill('tester: edit control control:s3.bpa-bucket-off'),
      'tester: reset control control:s3.bpa-bucket-off',
    ]);
    expect(told.map(({ details }) => details)).toContainEqual({
      vector: null,
      accessibility: 'public',
      impact: 'critical',
      inbox: true,
      severity: null,
      reason: OFFICE.reason,
    });
  });

  test('of a control that has found nothing makes no issue', async () => {
    await edit('sqs.public', { ...OFFICE, severity: 'low' });
    expect(await inbox.list()).toHaveLength(3);
    expect(
      (await listControls(inbox.ctx)).filter(({ edit: each }) => each !== null).map(({ id }) => id),
    ).toEqual(['sqs.public']);
    await resetControl(inbox.ctx, { id: 'sqs.public' });
  });

  test('counts in files too, under the same id', async () => {
    const terraform = {
      SchemaVersion: 2,
      ArtifactName: 'infra',
      ArtifactType: 'filesystem',
      Results: [
        {
          Target: 'main.tf',
          Class: 'config',
          Type: 'terraform',
          Misconfigurations: [
            { ID: 'AVD-AWS-0094', AVDID: 'AVD-AWS-0094', Title: 'Block', Severity: 'HIGH', Status: 'FAIL' },
          ],
        },
      ],
    };
    await inbox.importReport(terraform, {}, 'iac.json');
    await edit(BLOCK, { ...OFFICE, severity: 'low' });
    const rows = await inbox.list();
    expect(named(rows, 'iac_misconfiguration|s3.bpa-bucket-off')).toMatchObject({ severity: 'low' });
    expect(named(rows, '|s3.bpa-bucket-off')).toMatchObject({ severity: 'low' });
    await resetControl(inbox.ctx, { id: BLOCK });
    expect(named(await inbox.list(), 'iac_misconfiguration|s3.bpa-bucket-off')).toMatchObject({
      severity: 'medium',
    });
  });
});

test('edits at once all count', async () => {
  const requests: readonly ControlRequest[] = [
    { ...OFFICE, vector: 'required_privileges' },
    { ...OFFICE, accessibility: 'public' },
    { ...OFFICE, impact: 'low' },
    { ...OFFICE, inbox: true },
    { ...OFFICE, severity: 'info' },
  ];
  // Each on a connection of its own that is there already: they truly meet.
  const connections = await Promise.all(requests.map(() => inbox.database.pool.connect()));
  for (const connection of connections) connection.release();
  await Promise.all(requests.map((request) => edit(BLOCK, request)));
  expect((await showControl(inbox.ctx, { id: BLOCK })).edit).toMatchObject({
    vector: 'required_privileges',
    accessibility: 'public',
    impact: 'low',
    inbox: true,
    severity: 'info',
  });
  await resetControl(inbox.ctx, { id: BLOCK });
});

test('a check without a control of ours keeps the scanner’s severity, and why says so', async () => {
  const issue = await explainIssue(inbox.ctx, { id: (await row('default_encryption'))?.id ?? '' });
  expect(issue.why).toMatchObject({
    control: null,
    score: {
      severity: 'medium',
      sentence:
        "The scanner says medium, which stands for 5.5. The severity is the scanner's own (prowler): no control of ours maps to prowler:s3_bucket_default_encryption.",
    },
  });
});

test('the whole catalogue is listed, each control as it counts', async () => {
  expect((await listControls(inbox.ctx)).map(({ id }) => id)).toEqual(CONTROLS.map(({ id }) => id));
});

describe('refused', () => {
  test.each<[string, string, ControlRequest, string]>([
    ['an unknown control', 'ec2.nothing', { ...OFFICE, impact: 'low' }, 'not_found'],
    ['a name of a prototype', '__proto__', { ...OFFICE, impact: 'low' }, 'not_found'],
    ['an edit that changes nothing', BLOCK, OFFICE, 'usage'],
    ['an edit without a reason', BLOCK, { reason: ' \u0000 ', impact: 'low' }, 'usage'],
  ])('%s', async (_, id, request, code) => {
    const told = await events();
    await expect(edit(id, request)).rejects.toMatchObject({ code });
    expect(await events()).toEqual(told);
  });

  test('to whoever may not administer; reading is for all', async () => {
    const ctx = { ...inbox.ctx, actor: { name: 'ann', role: 'triage' as const } };
    await expect(
      editControl(ctx, { id: BLOCK, request: { ...OFFICE, impact: 'low' } }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(resetControl(ctx, { id: BLOCK })).rejects.toMatchObject({ code: 'forbidden' });
    const reader = { ...inbox.ctx, actor: { name: 'bob', role: 'read' as const } };
    expect(await showControl(reader, { id: BLOCK })).toMatchObject({ id: BLOCK });
    await expect(showControl(reader, { id: 'no' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
