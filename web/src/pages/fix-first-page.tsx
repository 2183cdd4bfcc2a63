import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { FixPlan, Gate, PlanOrder, WhatIf } from '../../../src/contract/attack-path.ts';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { FixTable } from '../features/fix/fix-table.tsx';
import { ListSlope } from '../features/fix/list-slope.tsx';
import { getInboxPage } from '../shared/api/inbox-api.ts';
import { assignFix, getAttackPaths, getFixPlan, getWhatIf } from '../shared/api/paths-api.ts';
import { getSession } from '../shared/api/session-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { changesOf } from '../shared/changed-paths.ts';
import { ChangedPaths } from '../shared/changed-paths-list.tsx';
import { gatesOf, withGate } from '../shared/gates-address.ts';
import { filterOf } from '../shared/inbox-address.ts';
import { counted, shareText } from '../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { useKeys } from '../shared/use-keys.ts';

const route = getRouteApi('/frame/fix-first');
const INBOX = filterOf({});

/** The fixes that take most of what attackers can reach, and the list before and after those that are ticked. */
export function FixFirstPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/fix-first' });
  const order = search.order ?? 'risk';
  const plan = useQuery({
    queryKey: ['fix-plan', order],
    queryFn: ({ signal }) => getFixPlan(order, signal),
    placeholderData: keepPreviousData,
  });
  const show = (by: PlanOrder) =>
    void navigate({
      search: (before) => ({ ...before, order: by === 'cheapest' ? by : undefined }),
      replace: true,
    });
  const paths = useQuery({ queryKey: ['paths'], queryFn: ({ signal }) => getAttackPaths(signal) });
  const inbox = useQuery({
    queryKey: ['fix-first-inbox'],
    queryFn: ({ signal }) => getInboxPage(INBOX, null, signal),
  });
  const failed = [plan, paths, inbox].find(({ isError }) => isError);
  return (
    <main id="main" className="page" data-testid="fix-first">
      <title>Fix first · Security Inbox</title>
      <header className="head">
        <h1>Fix first</h1>
        <span className="sub wide cut">
          {paths.isSuccess &&
            `${counted(paths.data.items.length, 'attack path')}; these fixes cut most of what attackers can reach`}
        </span>
        <div className="right">
          {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent */}
          <div className="tabs" role="group" aria-label="Which fixes stand first">
            <button
              type="button"
              aria-pressed={order === 'risk'}
              title="By the risk that a fix takes"
              onClick={() => show('risk')}
            >
              Most risk
            </button>
            <button
              type="button"
              aria-pressed={order === 'cheapest'}
              title="By the risk that a fix takes for the work that it is"
              onClick={() => show('cheapest')}
            >
              Least work
            </button>
          </div>
        </div>
      </header>
      {failed !== undefined ? (
        <ProblemFace error={failed.error} retry={() => void failed.refetch()} />
      ) : !plan.isSuccess || !paths.isSuccess || !inbox.isSuccess ? (
        <TableSkeleton label="Working out the fixes" />
      ) : plan.data.items.length === 0 ? (
        <EmptyFace title="Nothing to cut">
          <p className="muted">
            {paths.data.searchedAt === null
              ? 'Fixes are weighed once an inventory tells how attackers could go. The inbox has what to fix until then.'
              : 'No attack path is open. The inbox has the rest.'}
          </p>
        </EmptyFace>
      ) : (
        <Plan plan={plan.data} order={order} issues={inbox.data.items} />
      )}
    </main>
  );
}

function headline({ items, share, atLeast }: FixPlan, order: PlanOrder): { head: string; rest: string } {
  const taken = share > 0.999 ? 'all' : shareText(share);
  return {
    head: `${counted(items.length, 'fix', 'fixes')}, ${order === 'cheapest' ? 'most risk for the work first' : 'best first'}`,
    rest: `Together they take ${taken} of the risk of attack paths. No plan closes every path with fewer than ${counted(atLeast, 'fix', 'fixes')}. This order is of this page, never of the inbox.`,
  };
}

/** What is done to issues, in words. */
function sentence({ issues }: WhatIf): string {
  const of = (effect: 'resolves' | 'reduces') => issues.filter((issue) => issue.effect === effect).length;
  const said = [
    ...(of('resolves') > 0 ? [counted(of('resolves'), 'issue resolves', 'issues resolve')] : []),
    ...(of('reduces') > 0 ? [counted(of('reduces'), 'is reduced', 'are reduced')] : []),
  ];
  return said.length === 0 ? 'No issue changes by them alone.' : said.join(', ');
}

function Plan({ plan, order, issues }: { plan: FixPlan; order: PlanOrder; issues: readonly IssueRow[] }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/fix-first' });
  const chosen = gatesOf(search);
  const toggle = (gate: Gate) =>
    void navigate({ search: (before) => ({ ...before, ...withGate(before, gate.id) }), replace: true });
  const clear = () => void navigate({ search: (before) => ({ ...before, cut: undefined }), replace: true });
  const tried = useQuery({
    queryKey: ['what-if', chosen],
    queryFn: ({ signal }) => getWhatIf(chosen, signal),
    enabled: chosen.length > 0,
    placeholderData: keepPreviousData,
  });
  useKeys({ ...(chosen.length > 0 && { undo: clear }) });
  const client = useQueryClient();
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal) });
  const me = session.data === undefined || session.data.role === 'read' ? null : session.data.name;
  const assigning = useMutation({
    mutationFn: ({ fix, assignee }: { fix: string; assignee: string | null }) => assignFix(fix, assignee),
    onSuccess: () => client.invalidateQueries({ queryKey: ['fix-plan'] }),
  });
  const { head, rest } = headline(plan, order);
  const projected = chosen.length > 0 && tried.isSuccess ? tried.data : null;
  return (
    <ScrollBox label="Fix first, scrolling" className="sections side-by-side halves">
      <section className="section tall" aria-labelledby="plan-title">
        <header>
          <h2 id="plan-title">{head}</h2>
          <span className="sub">{rest}</span>
        </header>
        <FixTable
          plan={plan}
          chosen={new Set(chosen)}
          me={me}
          onToggle={toggle}
          onAssign={(fix, assignee) => assigning.mutate({ fix, assignee })}
        />
        {assigning.isError && <p className="told critical">{asProblem(assigning.error).detail}</p>}
      </section>
      <section className="section" aria-labelledby="after-title" aria-live="polite" data-testid="projected">
        <header>
          <h2 id="after-title">
            {chosen.length === 0
              ? 'The list after a fix'
              : `The list after ${counted(chosen.length, 'fix', 'fixes')}`}
          </h2>
          <span className="sub">
            {chosen.length === 0
              ? 'Tick fixes to see what they do to the list.'
              : projected !== null && sentence(projected)}
          </span>
          {chosen.length > 0 && (
            <button type="button" className="btn right" onClick={clear}>
              Untick all <kbd>u</kbd>
            </button>
          )}
        </header>
        {tried.isError && (
          <p className="told" role="alert">
            It could not be tried: {asProblem(tried.error).detail}
          </p>
        )}
        {projected !== null && (
          <>
            <ListSlope now={issues} tried={projected} />
            <h3 className="caption">Attack paths</h3>
            <ChangedPaths items={changesOf(projected.paths)} />
            {projected.notes.map((note) => (
              <p key={note} className="muted told">
                {note}
              </p>
            ))}
          </>
        )}
      </section>
    </ScrollBox>
  );
}
