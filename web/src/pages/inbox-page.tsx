import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { IssueGroup } from '../../../src/contract/inbox-page.ts';
import { ADMITTED_BY_HAND } from '../../../src/contract/issue.ts';
import type { IssueDetail } from '../../../src/contract/issue-detail.ts';
import type { Session } from '../../../src/contract/session.ts';
import { ExportList } from '../features/export/export-list.tsx';
import { Facets } from '../features/filters/facets.tsx';
import { QueryBar } from '../features/filters/query-bar.tsx';
import { HoldingBackNotice } from '../features/first-report/holding-back.tsx';
import { Foot } from '../features/foot/foot.tsx';
import { SelectionBar } from '../features/foot/selection-bar.tsx';
import { ImportResults } from '../features/imports/import-results.tsx';
import { useImports } from '../features/imports/use-imports.ts';
import { IssueList } from '../features/list/issue-list.tsx';
import { type IssueLine, neighbour } from '../features/list/list-lines.ts';
import { ListSkeleton } from '../features/list/list-skeleton.tsx';
import { switchDensity } from '../shared/density.ts';
import { Icon } from '../shared/icon.tsx';
import { filterOf, type InboxChange, isNarrowed, NOTHING, nextGrouping } from '../shared/inbox-address.ts';
import { reloadInbox } from '../shared/inbox-queries.ts';
import { fetchLater, later } from '../shared/later.tsx';
import { counted } from '../shared/number-text.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { useNow } from '../shared/use-now.ts';
import { builtInViews } from '../shared/views.ts';
import { CountLine } from './count-line.tsx';
import { type Asking, DecisionForm } from './decision-form.tsx';
import { EmptyInbox, UnreadQuery } from './empty-inbox.tsx';
import { FirstRunPage } from './first-run-page.tsx';
import { GroupingChoice } from './grouping-choice.tsx';
import { LiveNotice } from './live-notice.tsx';
import { OverdueLine } from './overdue-line.tsx';
import { panelPlace } from './panel-place.ts';
import { type Decidable, type Decision, type Refused, useDecisions } from './use-decisions.ts';
import { useInboxLines } from './use-inbox-lines.ts';
import { useOldPlaces } from './use-old-places.ts';
import { listingOf, useSelection } from './use-selection.ts';

const route = getRouteApi('/frame/');

const IssuePanel = later(() =>
  import('../features/panel/issue-panel.tsx').then((module) => module.IssuePanel),
);

/** The ranked list with its filters, its panel and its keys. */
export function InboxPage({ session }: { session: Session }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  const filter = filterOf(search);
  const opened = search.issue ?? null;
  const now = useNow();
  const inbox = useInboxLines(filter, search.by ?? null);
  const decisions = useDecisions();
  const imports = useImports();
  const client = useQueryClient();
  // The key of a line, or the id of an issue that was opened elsewhere.
  const [cursorKey, setCursorKey] = useState<string | null>(opened);
  const [groupAsked, setGroupAsked] = useState<IssueGroup | null>(null);
  const [facetsShown, setFacetsShown] = useState<boolean | null>(null);
  const [asking, setAsking] = useState<Asking>(null);
  const oldPlaces = useOldPlaces();
  const [exporting, setExporting] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const canDecide = session.role !== 'read';

  const change = useCallback(
    (changed: InboxChange) =>
      navigate({ search: (before) => ({ ...before, ...changed }), replace: 'q' in changed }),
    [navigate],
  );
  const open = (id: string | null) => {
    // Walking through issues with the panel open leaves one step in the history, not one for each.
    void navigate({
      search: (before) => ({ ...before, issue: id ?? undefined }),
      replace: opened !== null && id !== null,
    });
  };

  const isListed = inbox.page !== null;
  useEffect(() => {
    if (isListed) fetchLater();
  }, [isListed]);

  const { lines } = inbox;
  const issueLines = lines.filter((line) => line.kind === 'issue');
  const issues = issueLines.map((line) => line.issue);
  const currentLine =
    issueLines.find((line) => line.key === cursorKey) ??
    issueLines.find((line) => line.issue.id === cursorKey) ??
    null;
  const current = currentLine?.issue ?? null;
  // What is open is decided about, even where the list in sight does not hold it. Asked when it is needed:
  // the panel reads its issue without this page being drawn again.
  const target = (): Decidable | null =>
    opened === null || opened === current?.id
      ? current
      : (client.getQueryData<IssueDetail>(['issue', opened]) ?? null);

  const selection = useSelection({
    filter,
    ids: issues.map((issue) => issue.id),
    total: inbox.total,
    isGrouped: inbox.grouped,
  });

  const moveTo = (line: IssueLine | null | undefined) => {
    if (line == null) return;
    setAsking(null);
    setCursorKey(line.key);
    if (opened !== null) open(line.issue.id);
  };
  const openLine = (line: IssueLine) => {
    setCursorKey(line.key);
    open(line.issue.id);
  };
  // The first press shows where the cursor is; from the second on it moves.
  const move = (by: 1 | -1) =>
    moveTo(currentLine === null ? issueLines[0] : neighbour(lines, currentLine.key, by));
  const close = () => {
    if (document.activeElement === searchField.current) searchField.current?.blur();
    else if (groupAsked !== null) setGroupAsked(null);
    else if (asking !== null) setAsking(null);
    else if (opened !== null) open(null);
    else if (selection.chosen !== null) selection.clear();
    else if (decisions.said !== null) decisions.clear();
    else setFacetsShown(null);
  };
  const isMany = opened === null && selection.chosen !== null;
  const ask = (what: Asking) => (isMany || target() !== null) && setAsking(what);
  const startMuting = () => (isMany || target()?.muted === false ? setAsking('mute') : unmute());
  /** What is refused without a form (`refused`) closes one that is about something else, for the foot to say why. */
  const answered = (refused: Refused | undefined, onSuccess?: () => void) => ({
    onSuccess: () => {
      onSuccess?.();
      setAsking(null);
    },
    ...(refused === undefined && { onError: () => setAsking(null) }),
  });
  const decideAll = (decision: Decision, refused?: Refused) => {
    if (selection.chosen === null) return;
    decisions.decideAll(
      { selection: selection.chosen, decision, refused },
      answered(refused, selection.clear),
    );
  };
  const decide = (issue: Decidable, decision: Decision, refused?: Refused) =>
    decisions.decide(
      { issue, decision, refused },
      answered(refused, () => {
        // With the panel open there may be more to decide about the issue, unless it is out of sight.
        if (opened === null || decision.do === 'mute' || decision.do === 'snooze') move(1);
      }),
    );
  const unmute = () => {
    const issue = target();
    if (issue !== null) decisions.decide({ issue, decision: { do: 'unmute' } });
  };
  const takeIn = () => {
    if (isMany) return decideAll({ do: 'admit' });
    const issue = target();
    if (issue == null) return;
    if (issue.admittedBy.length === 0) decisions.decide({ issue, decision: { do: 'admit' } });
    else if (issue.admittedBy.includes(ADMITTED_BY_HAND))
      decisions.decide({ issue, decision: { do: 'unadmit' } });
  };
  const claim = () => {
    const issue = target();
    const mine = { do: 'assign', assignee: session.name } as const;
    if (isMany) decideAll(mine);
    else if (issue !== null) decide(issue, mine);
  };
  const snooze = () => {
    const issue = target();
    if (!isMany && issue?.status === 'snoozed') decide(issue, { do: 'wake' });
    else ask('snooze');
  };
  const begin = () => {
    const issue = target();
    if (isMany) decideAll({ do: 'start' });
    else if (issue !== null) decide(issue, { do: issue.status === 'in_progress' ? 'stop' : 'start' });
  };
  const extend = (by: 1 | -1) => {
    if (current === null) return move(by);
    const next = neighbour(lines, currentLine?.key ?? null, by);
    selection.add([current.id, ...(next === null ? [] : [next.issue.id])]);
    move(by);
  };

  const readAgain = () => {
    oldPlaces.keep(issueLines);
    void reloadInbox(client);
  };
  const isIdle = () =>
    currentLine === null && opened === null && selection.chosen === null && asking === null && isListAtRest();

  useKeys({
    next: () => move(1),
    previous: () => move(-1),
    first: () => moveTo(issueLines[0]),
    last: () => moveTo(issueLines.at(-1)),
    open: () => {
      const line = currentLine ?? issueLines[0];
      if (opened !== null) void navigate({ to: '/issues/$id', params: { id: opened } });
      else if (line !== undefined) openLine(line);
    },
    group: () => change({ by: nextGrouping(search.by) }),
    close,
    search: () => searchField.current?.focus(),
    density: switchDensity,
    export: () => setExporting(true),
    facets: () => setFacetsShown((shown) => !(shown ?? facetsVisible())),
    refresh: readAgain,
    ...(isNarrowed(filter) && { clear: () => change(NOTHING) }),
    'to-fix': () => change(NOTHING),
    ...Object.fromEntries(
      builtInViews.map((view, index) => [`view-${index}`, () => change({ ...NOTHING, ...view.search })]),
    ),
    everything: () => change({ all: filter.all ? undefined : true }),
    ...(canDecide && {
      'take-in': takeIn,
      mute: startMuting,
      assign: () => ask('assign'),
      team: () => ask('team'),
      claim,
      due: () => ask('due'),
      snooze,
      begin,
      comment: () => !isMany && ask('comment'),
      ticket: () => ask('ticket'),
      select: () => current !== null && selection.toggle(current.id),
      'extend-down': () => extend(1),
      'extend-up': () => extend(-1),
      'select-all': selection.addWhole,
    }),
    ...(decisions.said?.undo && { undo: decisions.said.undo }),
  });

  if (inbox.isError && inbox.page === null) {
    return (
      <main id="main" className="page">
        <h1 className="sr">Inbox</h1>
        <ProblemFace error={inbox.error} retry={inbox.retry} />
      </main>
    );
  }
  const { page } = inbox;
  const nothing = page !== null && lines.length === 0 && !inbox.busy;
  if (nothing && !isNarrowed(filter) && page.admittedTotal === 0 && page.waiting === 0) {
    return <FirstRunPage imports={imports} />;
  }

  const renewal = inbox.isError ? 'The list could not be renewed; it may be old' : null;
  const asked = asking === null || isMany ? null : target();
  const forMany = asking !== null && isMany && (
    <DecisionForm
      key={`all ${asking}`}
      asking={asking}
      issue={{ title: counted(selection.count, 'issue'), assignee: null, team: null, dueAt: null }}
      now={now}
      busy={decisions.isPending}
      onDecide={decideAll}
      onComment={() => undefined}
      onTicket={(receiver, refused) => {
        if (selection.chosen === null) return;
        decisions.ticketAll(
          { selection: selection.chosen, receiver, refused },
          answered(refused, selection.clear),
        );
      }}
      onCancel={() => setAsking(null)}
    />
  );
  const forGroup = groupAsked !== null && (
    <DecisionForm
      key={`group ${groupAsked.query}`}
      asking="assign"
      issue={{ title: counted(groupAsked.issues, 'issue'), assignee: null, team: null, dueAt: null }}
      now={now}
      busy={decisions.isPending}
      onDecide={(decision, refused) =>
        decisions.decideAll(
          {
            selection: {
              listing: listingOf({ ...filter, q: groupAsked.query }, inbox.grouped),
              count: groupAsked.issues,
            },
            decision,
            refused,
          },
          { onSuccess: () => setGroupAsked(null) },
        )
      }
      onComment={() => undefined}
      onTicket={() => undefined}
      onCancel={() => setGroupAsked(null)}
    />
  );
  const form =
    forGroup ||
    forMany ||
    (asked !== null && (
      <DecisionForm
        key={`${asked.id} ${asking}`}
        asking={asking}
        issue={asked}
        now={now}
        busy={decisions.isPending}
        onDecide={(decision, refused) => decide(asked, decision, refused)}
        onComment={(text, refused) => decisions.comment({ issue: asked, text, refused }, answered(refused))}
        onTicket={(receiver, refused) =>
          decisions.ticket({ issue: asked, receiver, refused }, answered(refused))
        }
        onCancel={() => setAsking(null)}
      />
    ));
  const bar = isMany && (
    <SelectionBar
      count={selection.count}
      total={inbox.total}
      isWhole={selection.isWhole}
      actions={[
        { words: 'Mute', letter: 'e', act: startMuting },
        { words: 'Snooze', letter: 's', act: snooze },
        { words: 'Assign', letter: 'a', act: () => ask('assign') },
        { words: 'Team', letter: 'T', act: () => ask('team') },
        { words: 'Due', letter: 'd', act: () => ask('due') },
        { words: 'Begin', letter: 'b', act: begin },
        { words: 'Ticket', letter: 't', act: () => ask('ticket') },
        { words: 'Take in', letter: '+', act: takeIn },
      ]}
      onWhole={selection.addWhole}
      onClear={selection.clear}
    />
  );

  return (
    <main
      id="main"
      className={opened === null ? 'work' : 'work open'}
      data-facets={facetsShown === null ? 'fit' : facetsShown ? 'shown' : 'hidden'}
    >
      {page !== null && inbox.facets !== null ? (
        <Facets
          facets={inbox.facets}
          admitted={page.admittedTotal}
          whole={filter.all || inbox.grouped ? inbox.total : null}
          filter={filter}
          search={search}
          canShare={canDecide}
          onChange={change}
          onHide={() => setFacetsShown(false)}
          onShow={() => setFacetsShown(true)}
        />
      ) : (
        <aside className="facets col" aria-hidden="true" />
      )}
      <section className="list col" aria-label="Issues">
        <QueryBar
          filter={filter}
          problem={inbox.queryProblem}
          input={searchField}
          onChange={change}
          onShowFacets={() => setFacetsShown(true)}
        />
        <CountLine
          page={page}
          filter={filter}
          groups={inbox.groups}
          tools={
            <>
              {page !== null && !inbox.busy && (
                <LiveNotice
                  filter={filter}
                  page={page}
                  shown={inbox.first}
                  isIdle={isIdle}
                  onApply={readAgain}
                />
              )}
              <GroupingChoice by={search.by ?? null} onChange={change} />
              <button
                type="button"
                className="icon"
                aria-label="Save the list as a file"
                title="Save the list as a file  (Shift E)"
                onClick={() => setExporting(true)}
              >
                <Icon name="download" />
              </button>
              <button
                type="button"
                className="icon"
                aria-label="Denser or roomier rows"
                title="Denser or roomier rows  (y)"
                onClick={switchDensity}
              >
                <Icon name="density" />
              </button>
            </>
          }
        />
        <OverdueLine isListed={page !== null} />
        {page === null && inbox.queryProblem !== null ? (
          <UnreadQuery onChange={change} />
        ) : page === null ? (
          <ListSkeleton />
        ) : nothing ? (
          <EmptyInbox page={page} narrowed={isNarrowed(filter)} onChange={change} />
        ) : (
          <IssueList
            lines={lines}
            total={inbox.total}
            cursor={currentLine?.key ?? null}
            opened={opened}
            picked={canDecide ? selection.has : null}
            places={oldPlaces.places}
            onPick={selection.toggle}
            busy={inbox.busy}
            now={now}
            more={inbox.more}
            above={
              <>
                {imports.files.length > 0 && (
                  <div className="notice">
                    <ImportResults imports={imports} />
                  </div>
                )}
                {page.holdingBack.length > 0 && (
                  <HoldingBackNotice
                    admitted={page.admittedTotal}
                    waiting={page.waiting}
                    conditions={page.holdingBack}
                  />
                )}
              </>
            }
            onOpen={openLine}
            onFold={(group) => inbox.groups?.fold(group)}
            onMore={(group) => inbox.groups?.open(group)}
            onAssign={canDecide ? setGroupAsked : null}
          />
        )}
        {(opened === null && form) || bar || <Foot said={decisions.said} aside={renewal} />}
      </section>
      {opened !== null && (
        <IssuePanel
          id={opened}
          place={panelPlace(lines, currentLine?.issue.id === opened ? currentLine.key : opened, inbox.total)}
          now={now}
          actions={
            canDecide
              ? {
                  onTakeIn: takeIn,
                  onMute: startMuting,
                  onAssign: () => ask('assign'),
                  onTeam: () => ask('team'),
                  onDue: () => ask('due'),
                  onSnooze: snooze,
                  onBegin: begin,
                  onComment: () => ask('comment'),
                  onTicket: () => ask('ticket'),
                  onUnmute: unmute,
                }
              : null
          }
          onMove={move}
          onClose={() => open(null)}
          foot={form || (decisions.said !== null && <Foot said={decisions.said} aside={null} />)}
        />
      )}
      {exporting && page !== null && (
        <ExportList
          filter={filter}
          isGrouped={inbox.grouped}
          total={inbox.total}
          onClose={() => setExporting(false)}
        />
      )}
    </main>
  );
}

/** Whether the list is at its top, with no pointer over a row. */
function isListAtRest(): boolean {
  const list = document.querySelector('.list .scroll');
  return list?.scrollTop === 0 && list.querySelector('.row:hover') === null;
}

/** Whether the filters are in sight now, which the style sheet decides by width. */
function facetsVisible(): boolean {
  const facets = document.querySelector('.facets');
  return facets !== null && getComputedStyle(facets).display !== 'none';
}
