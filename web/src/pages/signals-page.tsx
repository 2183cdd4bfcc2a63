import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { ListedSignal } from '../../../src/contract/explorer.ts';
import { Choice, type Column, Explorer } from '../features/explorer/explorer.tsx';
import { useNarrowing } from '../features/explorer/use-narrowing.ts';
import { usePages } from '../features/explorer/use-pages.ts';
import { getSignals } from '../shared/api/explorer-api.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { explorerParameters } from '../shared/explorer-address.ts';
import { Moment } from '../shared/moment.tsx';
import { countText } from '../shared/number-text.ts';
import { useNow } from '../shared/use-now.ts';
import { severityWords } from '../shared/words.ts';

const route = getRouteApi('/frame/signals');

/** Attacks that were observed, and the events beside them. */
export function SignalsPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/signals' });
  const now = useNow();
  const pages = usePages<ListedSignal, Awaited<ReturnType<typeof getSignals>>>(
    'signals',
    explorerParameters(search),
    getSignals,
  );
  const narrowing = useNarrowing(search, (next) => void navigate({ search: next, replace: true }));
  const { change } = narrowing;
  const columns: readonly Column<ListedSignal>[] = [
    {
      head: 'Severity',
      className: 'nowrap',
      cell: ({ severity }) =>
        severity === null ? (
          <span className="faint">none given</span>
        ) : (
          <span className={`sevmark ${severity}`}>{severityWords[severity]}</span>
        ),
    },
    {
      head: 'Signal',
      className: 'two told',
      cell: ({ title, rule }) => (
        <>
          <span className="ttl" title={title}>
            {title}
          </span>
          {rule !== title && <small className="told">{rule}</small>}
        </>
      ),
    },
    {
      head: 'On',
      className: 'two told',
      cell: ({ resource, account }) => (
        <>
          <Link to="/resource" search={{ id: resource.id }} title={resource.id}>
            {resource.name}
          </Link>
          {account !== null && <small>{account}</small>}
        </>
      ),
    },
    { head: 'Source', isLabelled: true, cell: ({ source }) => source, className: 'muted told' },
    {
      head: 'Counts as',
      cell: ({ attack }) => (attack ? 'an attack' : <span className="faint">an event</span>),
      className: 'muted nowrap',
    },
    { head: 'Times', cell: ({ count }) => countText(count), className: 'num', isLabelled: true },
    {
      head: 'Last seen',
      isLabelled: true,
      cell: ({ lastAt }) => <Moment at={lastAt} now={now} />,
      className: 'muted nowrap',
    },
  ];
  return (
    <Explorer
      testId="signals"
      name="Signals"
      noun={['signal', 'signals']}
      about="the latest first"
      search={{
        value: search.q ?? '',
        placeholder: 'Search in titles, rules and resources',
      }}
      filters={
        <>
          <Choice
            isOn={search.attack === 'true'}
            onToggle={() => change({ attack: search.attack === 'true' ? undefined : 'true' })}
          >
            Attacks only
          </Choice>
          {search.resource !== undefined && (
            <Choice isOn onToggle={() => change({ resource: undefined })}>
              on <span className="cut mono">{search.resource.slice(0, 60)}</span>
            </Choice>
          )}
        </>
      }
      pages={pages}
      columns={columns}
      keyOf={({ resource, id }) => `${resource.id}\n${id}`}
      narrowing={narrowing}
      empty={
        <>
          <p className="muted">
            Signals come from what watches: a firewall, a runtime monitor, an audit log. They answer whether
            something is under attack.
          </p>
          <CommandLine command="security-inbox import waf-events.jsonl.gz" />
        </>
      }
    />
  );
}
