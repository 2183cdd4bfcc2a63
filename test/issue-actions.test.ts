import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseAcceptanceRules, decideAcceptance, listAcceptances } from '../src/app/accept-risk.ts';
import { actOnIssues } from '../src/app/act-on-issues.ts';
import { addPerson } from '../src/app/add-person.ts';
import { commentOnIssue, deleteComment, editComment } from '../src/app/comment-on-issue.ts';
import type { AppContext } from '../src/app/context.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { forgetOld } from '../src/app/forget-old.ts';
import type { IssueAction } from '../src/app/issue-action.ts';
import { listHistory } from '../src/app/list-history.ts';
import type { IssueSelection } from '../src/app/selected-issues.ts';
import { undoAction } from '../src/app/undo-action.ts';
import { UNNARROWED } from '../src/app/unnarrowed.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { act, muteIssue } from './support/triage.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const as = (name: string, role: 'read' | 'triage' | 'administer' = 'triage'): AppContext => ({
  ...inbox.ctx,
  actor: { name, role },
});
const first = async () => (await inbox.list())[0]?.id ?? '';
const history = async (id: string) => presentHistory(await listHistory(inbox.ctx, { id })).items;
const said = async (id: string) =>
  (await history(id)).filter(({ by }) => by !== 'reports').map(({ by, sentence }) => `${by} ${sentence}`);
/** Every word that stands about every finding, as it is stored. */
const decisions = async () =>
  (
    await inbox.database.pool.query(
      'select fingerprint, kind, value, actor, at from decision order by fingerprint, kind',
    )
  ).rows;
const issues = async () =>
  (
    await inbox.database.pool.query(
      'select id, status, is_muted, assignee, due_at, is_admitted, snoozed_until from issue order by id',
    )
  ).rows;

const ALL: IssueSelection = {
  listing: {
    all: true,
    ...UNNARROWED,
    query: 'severity:high',
  },
};
const bulk = (
  selection: IssueSelection,
  action: IssueAction,
  more: { expected?: number; isTold?: boolean } = {},
) =>
  actOnIssues(inbox.ctx, {
    selection,
    action,
    isTold: more.isTold ?? false,
    expected: more.expected ?? null,
  });

describe('one action on many issues', () => {
  beforeEach(async () => {
    await addPerson(inbox.ctx, { name: 'ann', role: 'triage' });
    const flaws = Array.from({ length: 12 }, (_, index) =>
      flaw(`CVE-2026-${index}`, { severity: index < 8 ? 'HIGH' : 'LOW' }),
    );
    await importOnDay(inbox, 0, shop(0, 'a', flaws));
  });

  test('is counted before and after, and done where they are as many as was seen', async () => {
    const mute: IssueAction = { do: 'mute', reason: 'later', because: 'pending_fix', until: on(9) };
    expect(await bulk(ALL, mute, { isTold: true })).toEqual({
      matched: 8,
      changed: 0,
      action: null,
      stopped: null,
    });
    await expect(bulk(ALL, mute, { expected: 7 })).rejects.toThrow('holds 8 issues now, 7 were expected');
    expect(await decisions()).toEqual([]);
    expect(await bulk(ALL, mute, { expected: 8 })).toMatchObject({ matched: 8, changed: 8 });
    expect(await inbox.list()).toHaveLength(4);
    expect(await bulk(ALL, mute)).toEqual({ matched: 0, changed: 0, action: null, stopped: null });
  });

  test.each<IssueAction>([
    { do: 'mute', reason: 'later', because: 'other', until: null },
    { do: 'unmute' },
    { do: 'admit', reason: null },
    { do: 'unadmit' },
    { do: 'due', due: on(4) },
    { do: 'due', due: null },
    { do: 'snooze', until: on(7), untilWorse: true },
    { do: 'wake' },
    { do: 'start' },
    { do: 'stop' },
    { do: 'assign', assignee: null },
    { do: 'assign', assignee: 'ann' },
    { do: 'team', team: 'payments' },
    { do: 'team', team: null },
  ])('is taken back in one: %o', async (action) => {
    // Some of them were decided of before, each otherwise.
    const ids = (await inbox.list()).map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (index % 3 === 0) await act(inbox.ctx, id, { do: 'due', due: on(index + 1) });
      if (index % 3 === 1) await act(inbox.ctx, id, { do: 'start' });
      if (index % 4 === 0)
        await act(inbox.ctx, id, { do: 'snooze', until: on(20 + index), untilWorse: false });
      if (index % 5 === 0) await muteIssue(inbox.ctx, { id, reason: 'before', until: null });
      if (index % 5 === 1) await act(inbox.ctx, id, { do: 'admit', reason: 'before' });
    }
    const before = [await decisions(), await issues()];
    inbox.clock.set(on(0) + 1);
    const done = await bulk({ ids }, action);
    expect(done).toMatchObject({ matched: 12, changed: 12 });
    expect(await decisions()).not.toEqual(before[0]);
    expect(await undoAction(inbox.ctx, { action: done.action ?? '' })).toEqual({ issues: 12, kept: 0 });
    expect([await decisions(), await issues()]).toEqual(before);
    await expect(undoAction(inbox.ctx, { action: done.action ?? '' })).rejects.toThrow(
      'nothing to take back',
    );
  });

  test('gives to a team, over whoever owns it, until somebody takes that back', async () => {
    const ids = (await inbox.list()).map(({ id }) => id);
    const teams = async () => [...new Set((await inbox.list()).map(({ team }) => team))];
    const [before] = await teams();
    const { action } = await bulk({ ids }, { do: 'team', team: ' payments\n' });
    expect(await teams()).toEqual(['payments']);
    const [first = ''] = ids;
    expect(presentHistory(await listHistory(inbox.ctx, { id: first })).items[0]).toMatchObject({
      sentence: 'gave it to the team payments',
      changes: [{ field: 'team', before, after: 'payments' }],
    });
    expect((await explainIssue(inbox.ctx, { id: first })).why?.owners[0]).toEqual({
      name: 'payments',
      confidence: 1,
      reason: 'given to this team by hand',
    });
    await act(inbox.ctx, first, { do: 'team', team: null });
    expect((await teams()).toSorted()).toEqual([before, 'payments'].toSorted());
    expect(await undoAction(inbox.ctx, { action: action ?? '' })).toMatchObject({ issues: 12 });
    expect(await teams()).toEqual([before]);
    await expect(bulk({ ids }, { do: 'team', team: '  ' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('keeps what somebody decided since when it is taken back', async () => {
    const { action } = await bulk(ALL, { do: 'due', due: on(4) });
    inbox.clock.set(on(1));
    const id = await first();
    await act(inbox.ctx, id, { do: 'due', due: on(6) });
    expect(await undoAction(inbox.ctx, { action: action ?? '' })).toEqual({ issues: 8, kept: 1 });
    expect((await inbox.list()).flatMap(({ dueAt }) => dueAt ?? [])).toEqual([on(6)]);
    expect((await said(id))[0]).toBe('tester took back what was decided: due date');
  });

  test('is taken back for 30 days', async () => {
    const { action } = await bulk(ALL, { do: 'start' });
    inbox.clock.set(on(30));
    await forgetOld(inbox.ctx);
    await expect(undoAction(inbox.ctx, { action: action ?? '' })).rejects.toThrow('older than 30 days');
  });

  test('says of each issue what it was before and after', async () => {
    const id = await first();
    await bulk({ ids: [id] }, { do: 'snooze', until: null, untilWorse: true });
    expect((await history(id))[0]).toMatchObject({
      changes: [{ field: 'status', before: 'open', after: 'snoozed' }],
    });
  });

  test('is for those who triage', async () => {
    const question = { selection: ALL, action: { do: 'start' }, isTold: true, expected: null } as const;
    await expect(actOnIssues(as('reader', 'read'), question)).rejects.toThrow('needs the role');
  });
});

describe('an action on more issues than are decided of at once', () => {
  const COUNT = 1_100;
  const mute: IssueAction = { do: 'mute', reason: 'later', because: 'other', until: null };
  const mutedIssues = async () => (await issues()).filter(({ is_muted: isMuted }) => isMuted).length;
  beforeEach(async () => {
    const flaws = Array.from({ length: COUNT }, (_, index) => flaw(`CVE-2026-${index}`));
    await importOnDay(inbox, 0, shop(0, 'a', flaws));
  });

  test('is done to all of a query, and taken back in one', async () => {
    const done = await bulk(ALL, mute);
    expect(done).toMatchObject({ matched: COUNT, changed: COUNT, stopped: null });
    expect(await mutedIssues()).toBe(COUNT);
    expect(await undoAction(inbox.ctx, { action: done.action ?? '' })).toEqual({ issues: COUNT, kept: 0 });
    expect(await mutedIssues()).toBe(0);
    expect(await decisions()).toEqual([]);
  });

  test('says how far it came where it is stopped, and what was done is taken back', async () => {
    const { pool } = inbox.database;
    const last = (await inbox.list()).at(-1)?.id ?? '';
    await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '57014'; end $$;
      create trigger refuse before insert on action_before for each row when (new.issue_id = '${last}') execute function refuse()`);
    try {
      const done = await bulk(ALL, mute);
      expect(done).toMatchObject({ matched: COUNT, changed: 1_000 });
      expect(done.stopped).toContain('did not answer in time');
      expect(await mutedIssues()).toBe(1_000);
      expect(await undoAction(inbox.ctx, { action: done.action ?? '' })).toEqual({ issues: 1_000, kept: 0 });
      expect(await decisions()).toEqual([]);
    } finally {
      await pool.query('drop trigger refuse on action_before; drop function refuse');
    }
  });
});

test('a mute ends in the future, and of its reason 500 characters are kept', async () => {
  await importOnDay(inbox, 0, shop(0, 'a', [flaw('CVE-2026-1')]));
  const id = await first();
  const mute = (until: number, reason = 'later') => muteIssue(inbox.ctx, { id, reason, until });
  await expect(mute(inbox.clock.now())).rejects.toMatchObject({ code: 'usage' });
  await mute(inbox.clock.now() + 1, 'x'.repeat(501));
  const { rows } = await inbox.database.pool.query<{ reason: string }>(
    "select value ->> 'reason' as reason from decision",
  );
  expect(rows.map(({ reason }) => reason.replace(/x+/, (text) => String(text.length)))).toEqual(['499…']);
});

describe('a comment', () => {
  beforeEach(async () => {
    await importOnDay(inbox, 0, shop(0, 'a', [flaw('CVE-2026-1')]));
  });

  test('is shown as it was said, changed by its author alone, and leaves a trace where it is deleted', async () => {
    const id = await first();
    const hostile = '  <script>alert(1)</script>\n\u202eevil\u0000 💥  ';
    const comment = await commentOnIssue(as('ann'), { id, text: hostile });
    expect((await history(id))[0]).toMatchObject({
      by: 'ann',
      sentence: 'said',
      comment: { id: comment, text: '<script>alert(1)</script>\nevil 💥', editedAt: null },
    });
    await expect(editComment(as('bob', 'administer'), { comment, text: 'x' })).rejects.toThrow(
      'Only who wrote',
    );
    await expect(deleteComment(as('bob'), { comment })).rejects.toThrow('Only who wrote');
    inbox.clock.set(on(1));
    await editComment(as('ann'), { comment, text: 'better' });
    expect((await history(id)).find((each) => each.comment !== null)?.comment).toEqual({
      id: comment,
      text: 'better',
      editedAt: new Date(on(1)).toISOString(),
    });
    await deleteComment(as('bob', 'administer'), { comment });
    expect(await said(id)).toEqual([
      'bob deleted what ann had said',
      'ann changed what they had said',
      'ann said something that was deleted',
    ]);
    // Not a word of it is left anywhere.
    const { rows } = await inbox.database.pool.query(
      `select text from comment union all select details::text from event union all select details::text from outbox`,
    );
    expect(JSON.stringify(rows)).not.toMatch(/better|evil/);
    await expect(editComment(as('ann'), { comment, text: 'again' })).rejects.toThrow('There is no comment');
  });

  test('holds 64 KB, and something', async () => {
    const id = await first();
    await commentOnIssue(as('ann'), { id, text: 'a'.repeat(64 * 1024) });
    await expect(commentOnIssue(as('ann'), { id, text: 'a'.repeat(64 * 1024 + 1) })).rejects.toMatchObject({
      code: 'too_large',
    });
    await expect(commentOnIssue(as('ann'), { id, text: ' \u0000 ' })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(commentOnIssue(as('ann'), { id: 'x', text: 'a' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('is kept as long as its issue, longer than other history', async () => {
    const id = await first();
    await commentOnIssue(as('ann'), { id, text: 'it is our shop' });
    await act(inbox.ctx, id, { do: 'due', due: on(2) });
    const forget = async () => {
      while ((await forgetOld(inbox.ctx)) > 0) expect(inbox.clock.now()).toBeGreaterThan(0);
    };
    inbox.clock.set(on(500));
    await forget();
    expect((await history(id)).map(({ comment }) => comment?.text)).toContain('it is our shop');
    expect((await said(id)).filter((line) => line.includes('due on'))).toEqual([]);
    await importOnDay(inbox, 501, shop(501, 'a', []));
    inbox.clock.set(on(1_000));
    await forget();
    expect((await inbox.database.pool.query('select from comment')).rowCount).toBe(0);
  });
});

describe('a risk that is accepted', () => {
  beforeEach(async () => {
    await importOnDay(inbox, 0, shop(0, 'a', [flaw('CVE-2026-1')]));
  });
  const accept = async (ctx: AppContext, until: number | null) =>
    act(ctx, await first(), { do: 'mute', reason: 'not worth it', because: 'risk_accepted', until });

  test('has an end, within the days that the organisation chose', async () => {
    await expect(accept(inbox.ctx, null)).rejects.toThrow('A risk is accepted until a date');
    await expect(accept(inbox.ctx, on(366))).rejects.toThrow('for 365 days at most');
    await chooseAcceptanceRules(inbox.ctx, { daysMax: 30 });
    await expect(accept(inbox.ctx, on(31))).rejects.toThrow('for 30 days at most');
    expect(await accept(inbox.ctx, on(30))).toMatchObject({ issue: { isMuted: true } });
    await expect(chooseAcceptanceRules(inbox.ctx, { daysMax: 0 })).rejects.toThrow('1 to 3650 days');
    await expect(chooseAcceptanceRules(as('ann'), { daysMax: 9 })).rejects.toThrow('needs the role');
  });

  test('counts only once another administrator agrees, where that is asked for', async () => {
    await chooseAcceptanceRules(inbox.ctx, { needsApproval: true });
    const id = await first();
    expect(await accept(as('ann', 'administer'), on(30))).toMatchObject({
      action: null,
      issue: { isMuted: false },
    });
    const [waiting] = await listAcceptances(inbox.ctx);
    expect(waiting).toMatchObject({ issueId: id, askedBy: 'ann', reason: 'not worth it', until: on(30) });
    const question = { id: waiting?.id ?? '', isApproved: true };
    await expect(decideAcceptance(as('ann', 'administer'), question)).rejects.toThrow(
      'another administrator',
    );
    await expect(decideAcceptance(as('bob'), question)).rejects.toThrow('needs the role');
    const { action, ...decided } = await decideAcceptance(as('bob', 'administer'), question);
    expect(decided).toMatchObject({ issue: { isMuted: true } });
    await expect(decideAcceptance(as('eve', 'administer'), question)).rejects.toThrow('waits for somebody');
    expect(await said(id)).toEqual([
      'bob agreed to accept its risk, as ann asked',
      'ann accepted its risk and muted it until 2026-10-31: not worth it',
      'ann asked to accept its risk until 2026-10-31: not worth it',
    ]);
    await expect(
      bulk(ALL, { do: 'mute', reason: 'all', because: 'risk_accepted', until: on(9) }),
    ).rejects.toThrow('one issue at a time');
    expect(await undoAction(as('bob', 'administer'), { action: action ?? '' })).toMatchObject({ kept: 0 });
    expect(await issues()).toMatchObject([{ is_muted: false }]);
  });

  test('stays as it was where it is declined, or nobody agreed in time', async () => {
    await chooseAcceptanceRules(inbox.ctx, { needsApproval: true });
    await accept(as('ann'), on(3));
    const [waiting] = await listAcceptances(inbox.ctx);
    await decideAcceptance(as('bob', 'administer'), { id: waiting?.id ?? '', isApproved: false });
    expect(await inbox.list()).toHaveLength(1);
    expect(await listAcceptances(inbox.ctx)).toEqual([]);
    expect((await said(await first()))[0]).toBe('bob declined to accept its risk, as ann asked');
    await accept(as('ann'), on(3));
    inbox.clock.set(on(3));
    expect(await listAcceptances(inbox.ctx)).toEqual([]);
  });

  test('is muted where it was agreed to, and not where it was declined, of two who decide at once', async () => {
    await chooseAcceptanceRules(inbox.ctx, { needsApproval: true });
    await accept(as('ann'), on(3));
    const id = (await listAcceptances(inbox.ctx))[0]?.id ?? '';
    await Promise.allSettled(
      [true, false].map((isApproved) => decideAcceptance(as('bob', 'administer'), { id, isApproved })),
    );
    const { rows } = await inbox.database.pool.query<{ is_approved: boolean }>(
      'select is_approved from acceptance',
    );
    expect(rows).toHaveLength(1);
    expect(await issues()).toMatchObject([{ is_muted: rows[0]?.is_approved }]);
  });

  test('is taken back by whoever asked, before anybody agreed, and by nobody else who triages', async () => {
    await chooseAcceptanceRules(inbox.ctx, { needsApproval: true });
    await accept(as('ann'), on(3));
    const id = (await listAcceptances(inbox.ctx))[0]?.id ?? '';
    await expect(decideAcceptance(as('bob'), { id, isApproved: false })).rejects.toThrow('needs the role');
    await expect(decideAcceptance(as('ann'), { id, isApproved: true })).rejects.toThrow('needs the role');
    await decideAcceptance(as('ann'), { id, isApproved: false });
    expect(await listAcceptances(inbox.ctx)).toEqual([]);
    expect((await said(await first()))[0]).toBe('ann asks no longer to accept its risk');
  });
});
