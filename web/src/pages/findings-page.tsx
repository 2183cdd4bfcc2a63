import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { ListedFinding } from '../../../src/contract/explorer.ts';
import { findingTypeSchema } from '../../../src/contract/finding-type.ts';
import { severitySchema } from '../../../src/contract/severity.ts';
import { Choice, type Column, Explorer } from '../features/explorer/explorer.tsx';
import { useNarrowing } from '../features/explorer/use-narrowing.ts';
import { usePages } from '../features/explorer/use-pages.ts';
import { getFindings } from '../shared/api/explorer-api.ts';
import { explorerParameters } from '../shared/explorer-address.ts';
import { Moment } from '../shared/moment.tsx';
import { useNow } from '../shared/use-now.ts';
import { severityWords, typeWords } from '../shared/words.ts';

const route = getRouteApi('/frame/findings');

/** Every open finding, whether the inbox admits it or not. */
export function FindingsPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/findings' });
  const now = useNow();
  const pages = usePages<ListedFinding, Awaited<ReturnType<typeof getFindings>>>(
    'findings',
    explorerParameters(search, { q: 'query' }),
    getFindings,
  );
  const narrowing = useNarrowing(search, (next) => void navigate({ search: next, replace: true }));
  const { change, has, toggle } = narrowing;
  const columns: readonly Column<ListedFinding>[] = [
    {
      head: 'Severity',
      cell: ({ issue }) => (
        <span className={`sevmark ${issue.severity}`}>{severityWords[issue.severity]}</span>
      ),
      className: 'nowrap',
    },
    {
      head: 'Finding',
      className: 'two told',
      cell: ({ title, issue, place }) => (
        <>
          <Link className="ttl" to="/issues/$id" params={{ id: issue.id }} title={title}>
            {title}
          </Link>
          {place !== '' && <small className="told">{place}</small>}
        </>
      ),
    },
    {
      head: 'Resource',
      className: 'two told',
      cell: ({ resource }) => (
        <>
          <Link to="/resource" search={{ id: resource.id }} title={resource.id}>
            {resource.name}
          </Link>
          <small>{resource.kind}</small>
        </>
      ),
    },
    { head: 'Type', cell: ({ type }) => typeWords[type], className: 'muted nowrap' },
    {
      head: 'Inbox',
      isLabelled: true,
      cell: ({ issue }) => (issue.admitted ? 'in it' : <span className="faint">waits</span>),
      className: 'muted nowrap',
    },
    {
      head: 'Fix',
      isLabelled: true,
      cell: ({ fix }) => fix ?? <span className="faint">none known</span>,
      className: 'told muted fix',
    },
    {
      head: 'First seen',
      isLabelled: true,
      cell: ({ firstSeen }) => <Moment at={firstSeen} now={now} />,
      className: 'muted nowrap',
    },
  ];
  return (
    <Explorer
      testId="findings"
      name="Findings"
      noun={['finding', 'findings']}
      about="open, in the order of their issues"
      search={{
        value: search.q ?? '',
        placeholder: 'Search, or narrow by severity:high, type:secret, team:x',
      }}
      filters={
        <>
          {search.resource !== undefined && (
            <Choice isOn onToggle={() => change({ resource: undefined })}>
              on <span className="cut mono">{search.resource.slice(0, 60)}</span>
            </Choice>
          )}
          {severitySchema.options.map((word) => (
            <Choice key={word} isOn={has('severity', word)} onToggle={() => toggle('severity', word)}>
              <span className={`sevmark ${word}`}>{severityWords[word]}</span>
            </Choice>
          ))}
          {findingTypeSchema.options.map((word) => (
            <Choice key={word} isOn={has('type', word)} onToggle={() => toggle('type', word)}>
              {typeWords[word]}
            </Choice>
          ))}
        </>
      }
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      narrowing={narrowing}
      empty={<p className="muted">Findings come with the reports of scanners. Drop one on the inbox.</p>}
    />
  );
}
