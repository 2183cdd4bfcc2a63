import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { detectedRiskSchema } from '../../../src/contract/detected-risk.ts';
import type { ListedResource } from '../../../src/contract/explorer.ts';
import { Choice, type Column, Explorer } from '../features/explorer/explorer.tsx';
import { useNarrowing } from '../features/explorer/use-narrowing.ts';
import { usePages } from '../features/explorer/use-pages.ts';
import { getEstate } from '../shared/api/explorer-api.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { explorerParameters } from '../shared/explorer-address.ts';
import { kindWords } from '../shared/kind-words.ts';
import { counted, countText } from '../shared/number-text.ts';
import { RiskGlyph } from '../shared/risk-glyph.tsx';
import { riskWords } from '../shared/words.ts';

const route = getRouteApi('/frame/resources');
const RISKS = ['publicly_accessible', 'privileged_access', 'in_production'] as const;
const TYPES_SHOWN = 12;

/** Every resource that an inventory or a report names. */
export function ResourcesPage() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/resources' });
  const pages = usePages<ListedResource, Awaited<ReturnType<typeof getEstate>>>(
    'estate',
    explorerParameters(search),
    getEstate,
  );
  const narrowing = useNarrowing(search, (next) => void navigate({ search: next, replace: true }));
  const { change, has, toggle } = narrowing;
  const types = pages.first?.types ?? [];
  return (
    <Explorer
      testId="resources"
      name="Resources"
      noun={['resource', 'resources']}
      about="with what is known of each"
      search={{ value: search.q ?? '', placeholder: 'Search in names and ids' }}
      filters={
        <>
          {RISKS.map((word) => (
            <Choice key={word} isOn={has('risk', word)} onToggle={() => toggle('risk', word)}>
              <RiskGlyph risk={word} state="yes" /> {riskWords[word]}
            </Choice>
          ))}
          {types.slice(0, TYPES_SHOWN).map(({ type, count }) => (
            <Choice key={type} isOn={has('type', type)} count={count} onToggle={() => toggle('type', type)}>
              {kindWords(type)}
            </Choice>
          ))}
          <Choice
            isOn={search.gone === 'true'}
            onToggle={() => change({ gone: search.gone === 'true' ? undefined : 'true' })}
          >
            gone
          </Choice>
        </>
      }
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      narrowing={narrowing}
      empty={
        <>
          <p className="muted">
            An inventory says what there is, who may reach it and what it may do. This command lists how to
            make one.
          </p>
          <CommandLine command="security-inbox formats" />
        </>
      }
    />
  );
}

const columns: readonly Column<ListedResource>[] = [
  {
    head: 'Resource',
    className: 'two told',
    cell: ({ id, name }) => (
      <>
        <Link className="ttl" to="/resource" search={{ id }} title={name}>
          {name}
        </Link>
        {id !== name && <small className="told">{id}</small>}
      </>
    ),
  },
  { head: 'Type', cell: ({ type }) => kindWords(type), className: 'muted told word' },
  {
    head: 'Risks',
    cell: ({ riskStates }) => (
      <span className="glyphs four">
        {detectedRiskSchema.exclude(['exploit_available']).options.map((risk) => (
          <RiskGlyph key={risk} risk={risk} state={riskStates[risk]} />
        ))}
      </span>
    ),
  },
  { head: 'Privilege', isLabelled: true, cell: ({ privilege }) => privilege, className: 'muted nowrap' },
  {
    head: 'Environment',
    isLabelled: true,
    cell: ({ environment }) => environment ?? <span className="faint">unknown</span>,
    className: 'muted told word',
  },
  {
    head: 'Owner',
    isLabelled: true,
    cell: ({ owner }) => owner ?? <span className="faint">unowned</span>,
    className: 'told word',
  },
  {
    head: 'Account',
    isLabelled: true,
    cell: ({ account, region }) => (
      <>
        {account ?? region}
        {account !== null && region !== null && <small>{region}</small>}
      </>
    ),
    className: 'two muted told word',
  },
  {
    head: 'Issues',
    className: 'num',
    isLabelled: true,
    cell: ({ issues, severity }) =>
      issues === 0 ? (
        <span className="faint">0</span>
      ) : (
        <span
          className={severity ?? undefined}
          title={`${counted(issues, 'open issue')}, the highest ${severity}`}
        >
          {countText(issues)}
        </span>
      ),
  },
];
