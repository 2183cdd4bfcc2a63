import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AttackPath } from '../../../src/contract/attack-path.ts';
import { detectedRiskSchema } from '../../../src/contract/detected-risk.ts';
import { getAttackPaths } from '../shared/api/paths-api.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { GateSentence } from '../shared/gate-sentence.tsx';
import { Moment } from '../shared/moment.tsx';
import { counted, countText, likelihoodText } from '../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../shared/problem-face.tsx';
import { RiskGlyph } from '../shared/risk-glyph.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { useNow } from '../shared/use-now.ts';
import { severityWords } from '../shared/words.ts';

/** The attack paths of the inbox, each with the way to its map. */
export function PathsPage() {
  const now = useNow();
  const paths = useQuery({ queryKey: ['paths'], queryFn: ({ signal }) => getAttackPaths(signal) });
  const items = paths.data?.items ?? [];
  return (
    <main id="main" className="page" data-testid="paths">
      <title>Attack paths · Security Inbox</title>
      <header className="head">
        <h1>Attack paths</h1>
        <span className="sub wide cut">
          {paths.isSuccess && counted(items.length, 'path')}
          {paths.data?.searchedAt && (
            <>
              , looked for <Moment at={paths.data.searchedAt} now={now} />
            </>
          )}
        </span>
      </header>
      {paths.isPending && <TableSkeleton label="Reading the attack paths" />}
      {paths.isError && <ProblemFace error={paths.error} retry={() => paths.refetch()} />}
      {paths.isSuccess && items.length === 0 && (
        <EmptyFace title="No attack path is known">
          <p className="muted">
            {paths.data.searchedAt === null
              ? 'Paths are looked for once an inventory tells what runs where, who may reach it and what it may do.'
              : 'From what reports and inventories tell, nobody outside gets to anything that matters.'}
          </p>
          <p className="muted">This command lists how to make one of each cloud and cluster:</p>
          <CommandLine command="security-inbox formats" />
        </EmptyFace>
      )}
      {items.length > 0 && (
        <ScrollBox label="Attack paths, scrolling" className="sections">
          <section className="section" aria-label="Paths, in the order of the inbox">
            <div className="table-scroll">
              <table className="plain rows-table">
                <thead>
                  <tr>
                    <th scope="col">Severity</th>
                    <th scope="col">Path</th>
                    <th scope="col">Risks</th>
                    <th scope="col" className="num">
                      Ways in
                    </th>
                    <th scope="col" className="num">
                      Targets
                    </th>
                    <th scope="col" className="num">
                      Likelihood
                    </th>
                    <th scope="col">Fix first</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((path) => (
                    <PathRow key={path.id} path={path} />
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          {(paths.data?.notes.length ?? 0) > 0 && (
            <section className="section" aria-labelledby="notes-title">
              <header>
                <h2 id="notes-title">Left out of the search</h2>
              </header>
              <ul className="notes">
                {paths.data?.notes.map((note) => (
                  <li key={note} className="muted told">
                    {note}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </ScrollBox>
      )}
    </main>
  );
}

function PathRow({ path }: { path: AttackPath }) {
  return (
    <tr data-testid="path">
      <td>
        <span className={`sevmark ${path.severity}`}>{severityWords[path.severity]}</span>
      </td>
      <td className="two told">
        <Link className="ttl" to="/issues/$id/map" params={{ id: path.id }}>
          {path.title}
        </Link>
        <small title={path.why}>{path.why}</small>
      </td>
      <td>
        <span className="glyphs">
          {detectedRiskSchema.options.map((risk) => (
            <RiskGlyph key={risk} risk={risk} state={path.risks.includes(risk) ? 'yes' : 'no'} />
          ))}
        </span>
      </td>
      <td className="num" data-label="Ways in">
        {countText(path.entries)}
      </td>
      <td className="num" data-label="Targets">
        {countText(path.targets)}
      </td>
      <td className="num" data-label="Likelihood">
        {likelihoodText(path.likelihood)}
      </td>
      <td className="told" data-label="Fix first">
        {path.fixes[0] === undefined ? 'nothing single' : <GateSentence sentence={path.fixes[0].sentence} />}
      </td>
    </tr>
  );
}
