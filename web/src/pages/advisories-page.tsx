import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { RiskState } from '../../../src/contract/detected-risk.ts';
import type { ListedAdvisory } from '../../../src/contract/explorer.ts';
import { severitySchema } from '../../../src/contract/severity.ts';
import { Choice, type Column, Explorer } from '../features/explorer/explorer.tsx';
import { useNarrowing } from '../features/explorer/use-narrowing.ts';
import { usePages } from '../features/explorer/use-pages.ts';
import { getAdvisories } from '../shared/api/explorer-api.ts';
import { explorerParameters } from '../shared/explorer-address.ts';
import { Moment } from '../shared/moment.tsx';
import { countText, scoreText } from '../shared/number-text.ts';
import { useNow } from '../shared/use-now.ts';
import { severityWords, typeWords } from '../shared/words.ts';

const route = getRouteApi('/frame/advisories');

/** A chance in percent with one digit: most are far below one in a hundred. */
function epssText(score: number): string {
  return score < 0.001 ? 'below 0.1 %' : `${(score * 100).toFixed(1)} %`;
}

/** Where no feed links one: CISA or a report may know of an exploit all the same. */
const exploitWords: Record<RiskState, string> = { yes: 'known', no: 'none', unknown: 'unknown' };

/** The advisories that open findings are about, with what the feeds say of them. */
export function AdvisoriesPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/advisories' });
  const now = useNow();
  const pages = usePages<ListedAdvisory, Awaited<ReturnType<typeof getAdvisories>>>(
    'advisories',
    explorerParameters(search, { q: 'query' }),
    getAdvisories,
  );
  const narrowing = useNarrowing(search, (next) => void navigate({ search: next, replace: true }));
  const { change, has, toggle } = narrowing;
  const columns: readonly Column<ListedAdvisory>[] = [
    {
      head: 'Severity',
      className: 'nowrap',
      cell: ({ severity, score }) => (
        <span className={`sevmark ${severity}`}>
          {severityWords[severity]} {scoreText(score)}
        </span>
      ),
    },
    {
      head: 'Advisory',
      className: 'two told',
      cell: ({ id, title, issue }) => (
        <>
          <Link className="ttl" to="/issues/$id" params={{ id: issue }}>
            {id}
          </Link>
          <small className="told">{title.replace(`${id}: `, '')}</small>
        </>
      ),
    },
    { head: 'Type', cell: ({ type }) => typeWords[type], className: 'muted nowrap' },
    {
      head: 'Known exploited',
      isLabelled: true,
      className: 'nowrap',
      cell: ({ knownExploited }) =>
        knownExploited === null ? (
          <span className="faint">not listed</span>
        ) : (
          <span>
            {knownExploited.addedAt === null ? 'listed' : <Moment at={knownExploited.addedAt} now={now} />}
            {knownExploited.ransomware && ', by ransomware'}
          </span>
        ),
    },
    {
      head: 'EPSS',
      className: 'num nowrap',
      isLabelled: true,
      cell: ({ epss }) =>
        epss === null ? (
          <span className="faint">unknown</span>
        ) : (
          <span title={`higher than ${(epss.percentile * 100).toFixed(0)} % of all`}>
            {epssText(epss.score)}
          </span>
        ),
    },
    {
      head: 'Exploits',
      className: 'num',
      isLabelled: true,
      cell: ({ exploits, exploitAvailable }) =>
        exploits > 0 ? countText(exploits) : <span className="faint">{exploitWords[exploitAvailable]}</span>,
    },
    {
      head: 'Findings',
      className: 'num',
      isLabelled: true,
      cell: ({ openFindings }) => countText(openFindings),
    },
    {
      head: 'Published',
      isLabelled: true,
      className: 'muted nowrap',
      cell: ({ publishedAt }) =>
        publishedAt === null ? <span className="faint">unknown</span> : <Moment at={publishedAt} now={now} />,
    },
  ];
  return (
    <Explorer
      testId="advisories"
      name="Advisories"
      noun={['advisory', 'advisories']}
      about="of open findings, in the order of their issues"
      search={{
        value: search.q ?? '',
        placeholder: 'Search, or narrow by severity:high, risk:exploit',
      }}
      filters={
        <>
          <Choice
            isOn={search.exploited === 'true'}
            onToggle={() => change({ exploited: search.exploited === 'true' ? undefined : 'true' })}
          >
            Known exploited
          </Choice>
          {severitySchema.options.map((word) => (
            <Choice key={word} isOn={has('severity', word)} onToggle={() => toggle('severity', word)}>
              <span className={`sevmark ${word}`}>{severityWords[word]}</span>
            </Choice>
          ))}
        </>
      }
      pages={pages}
      columns={columns}
      keyOf={({ issue }) => issue}
      narrowing={narrowing}
      empty={<p className="muted">Advisories come with findings about packages and images.</p>}
    />
  );
}
