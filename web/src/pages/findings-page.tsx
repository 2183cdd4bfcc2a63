import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { ListedFinding } from '../../../src/contract/explorer.ts';
import { findingTypeSchema } from '../../../src/contract/finding-type.ts';
import { severitySchema } from '../../../src/contract/severity.ts';
import { Choice, type Column, Explorer } from '../features/explorer/explorer.tsx';
import { usePages } from '../features/explorer/use-pages.ts';
import { getFindings } from '../shared/api.ts';
import { explorerParameters, hasWord, toggledWord } from '../shared/explorer-address.ts';
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
  const change = useCallback(
    (changed: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, ...changed }), replace: true }),
    [navigate],
  );
  const onWords = useCallback((q: string | undefined) => change({ q }), [change]);
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
          <Link className="ttl" to="/issues/$id" params={{ id: issue.id }}>
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
        onChange: onWords,
      }}
      filters={
        <>
          {search.resource !== undefined && (
            <Choice isOn onToggle={() => change({ resource: undefined })}>
              on <span className="cut mono">{search.resource.slice(0, 60)}</span>
            </Choice>
          )}
          {severitySchema.options.map((word) => (
            <Choice
              key={word}
              isOn={hasWord(search.severity, word)}
              onToggle={() => change({ severity: toggledWord(search.severity, word) })}
            >
              <span className={`sevmark ${word}`}>{severityWords[word]}</span>
            </Choice>
          ))}
          {findingTypeSchema.options.map((word) => (
            <Choice
              key={word}
              isOn={hasWord(search.type, word)}
              onToggle={() => change({ type: toggledWord(search.type, word) })}
            >
              {typeWords[word]}
            </Choice>
          ))}
        </>
      }
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      isNarrowed={Object.values(search).some((value) => value !== undefined)}
      onClear={() => void navigate({ search: {} })}
      empty={<p className="muted">Findings come with the reports of scanners. Drop one on the inbox.</p>}
    />
  );
}
