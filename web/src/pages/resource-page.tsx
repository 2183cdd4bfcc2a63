import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router';
import { detectedRiskSchema } from '../../../src/contract/detected-risk.ts';
import type { Resource } from '../../../src/contract/resource.ts';
import { RiskEvidence } from '../features/panel/risk-evidence.tsx';
import { ExposureTable } from '../features/resource/exposure-table.tsx';
import { NeighbourPicture } from '../features/resource/neighbour-picture.tsx';
import { getFindings, getNeighbours, getResource } from '../shared/api/explorer-api.ts';
import { getBlastRadius, getWaysTo } from '../shared/api/paths-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { Icon } from '../shared/icon.tsx';
import { counted, likelihoodText } from '../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { instantText } from '../shared/time-text.ts';
import { useKeys } from '../shared/use-keys.ts';
import { useNow } from '../shared/use-now.ts';
import { severityWords } from '../shared/words.ts';

const route = getRouteApi('/frame/resource');
const ISSUES_SHOWN = 20;

/** What is known of one resource: risks with evidence, ways in, rights, what is beside it, and its issues. */
export function ResourcePage() {
  const { id = '' } = route.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const resource = useQuery({
    queryKey: ['resource', id],
    queryFn: ({ signal }) => getResource(id, signal),
    enabled: id !== '',
  });
  const back = () => {
    if (canGoBack) router.history.back();
    else void navigate({ to: '/resources' });
  };
  useKeys({ close: back });
  const name = resource.data?.name ?? id;
  return (
    <main id="main" className="page" data-testid="resource">
      <title>{`${name === '' ? 'Resource' : name} · Security Inbox`}</title>
      <header className="head">
        <button type="button" className="icon" aria-label="Back" title="Back  (Esc)" onClick={back}>
          <Icon name="left" />
        </button>
        <h1 className="cut told">{name === '' ? 'Resource' : name}</h1>
        <span className="sub wide cut">{resource.data?.kind}</span>
      </header>
      {resource.isError ? (
        <ProblemFace error={resource.error} retry={() => resource.refetch()} />
      ) : id === '' || resource.data?.kind === null ? (
        <EmptyFace title="No such resource is known">
          <p className="muted told">
            {id === '' ? 'The address names none.' : `Nothing describes or names ${id.slice(0, 200)}.`}
          </p>
          <Link className="btn" to="/resources">
            All resources
          </Link>
        </EmptyFace>
      ) : resource.isPending ? (
        <TableSkeleton label="Reading the resource" />
      ) : (
        <Facts resource={resource.data} />
      )}
    </main>
  );
}

function Facts({ resource }: { resource: Resource }) {
  const now = useNow();
  const { id } = resource;
  const neighbours = useQuery({
    queryKey: ['neighbours', id],
    queryFn: ({ signal }) => getNeighbours(id, signal),
  });
  return (
    <ScrollBox label="About the resource" className="sections">
      <section className="section" aria-label="At a glance">
        {resource.goneAt !== null && (
          <p className="told">
            <b>Gone</b> since {instantText(resource.goneAt)}; this is what was known last.
          </p>
        )}
        <dl className="facts-grid">
          <div>
            <dt>Environment</dt>
            <dd className="told">{resource.environment ?? 'unknown'}</dd>
          </div>
          <div>
            <dt>Owner</dt>
            <dd className="told">{resource.owner ?? 'unowned'}</dd>
            {resource.owners[0] !== undefined && <dd className="told">{resource.owners[0].reason}</dd>}
          </div>
          <div>
            <dt>Services</dt>
            <dd className="told">
              {resource.services.length === 0 ? 'none known' : resource.services.join(', ')}
            </dd>
            {resource.servicesFrom !== null && <dd className="told">{resource.servicesFrom}</dd>}
          </div>
          <div>
            <dt>Privilege</dt>
            <dd>{resource.privilege.level}</dd>
            {resource.privilege.reasons.slice(0, 3).map((reason) => (
              <dd key={reason} className="told">
                {reason}
              </dd>
            ))}
          </div>
          <div>
            <dt>Data</dt>
            <dd className="told">
              {resource.data.class ?? 'nothing known'}
              {resource.data.types.length > 0 && `: ${resource.data.types.join(', ')}`}
            </dd>
            {resource.data.reasons.slice(0, 3).map((reason) => (
              <dd key={reason} className="told">
                {reason}
              </dd>
            ))}
          </div>
        </dl>
        <CommandLine command={id} />
      </section>
      <div className="two-columns">
        <section className="section" aria-labelledby="risks-title">
          <header>
            <h2 id="risks-title">Detected risks</h2>
          </header>
          <RiskEvidence
            risks={detectedRiskSchema.options.map((risk) => ({
              risk,
              state: resource.riskStates[risk],
              evidence: resource.evidence[risk] ?? [],
              missing: resource.missing[risk] ?? [],
            }))}
            now={now}
          />
        </section>
        <Issues resource={resource} />
      </div>
      <section className="section" aria-labelledby="ways-title">
        <header>
          <h2 id="ways-title">Ways in</h2>
          <span className="sub">each that was looked at</span>
        </header>
        <ExposureTable exposure={resource.exposure} />
      </section>
      <section className="section" aria-labelledby="beside-title">
        <header>
          <h2 id="beside-title">Beside it</h2>
          <span className="sub">
            {neighbours.isSuccess && counted(neighbours.data.items.length, 'thing', 'things')} one step away
          </span>
        </header>
        {neighbours.isSuccess && <NeighbourPicture name={resource.name} items={neighbours.data.items} />}
        {neighbours.isError && (
          <p className="told critical" role="alert">
            {asProblem(neighbours.error).detail}
          </p>
        )}
      </section>
      <div className="two-columns">
        <Reach id={id} />
        <Blast id={id} />
      </div>
    </ScrollBox>
  );
}

function Issues({ resource }: { resource: Resource }) {
  const found = useQuery({
    queryKey: ['findings-on', resource.id],
    queryFn: ({ signal }) => getFindings(new URLSearchParams({ resource: resource.id }), null, signal),
  });
  const titles = new Map(found.data?.items.map(({ issue }) => [issue.id, issue]));
  const shown = resource.issues.slice(0, ISSUES_SHOWN);
  return (
    <section className="section" aria-labelledby="issues-title">
      <header>
        <h2 id="issues-title">Open issues</h2>
        <span className="sub">
          {counted(resource.issues.length, 'issue')}
          {found.isSuccess &&
            shown.some((issue) => !titles.has(issue)) &&
            ', those of images that it runs among them'}
        </span>
      </header>
      {resource.issues.length === 0 && <p className="muted">No open finding is on it.</p>}
      <ul className="changes">
        {shown.map((issue) => {
          const known = titles.get(issue);
          return (
            <li key={issue}>
              <Link className="told" to="/issues/$id" params={{ id: issue }}>
                {known?.title ?? `Issue ${issue}`}
              </Link>
              <span className="to">
                {known === undefined ? (
                  'of its image'
                ) : (
                  <span className={known.severity}>{severityWords[known.severity]}</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {resource.issues.length > ISSUES_SHOWN && (
        <p className="more">
          <Link className="btn" to="/findings" search={{ resource: resource.id }}>
            All findings on it
          </Link>
        </p>
      )}
    </section>
  );
}

/** The search for paths knows nothing of it; where it could not be asked, nobody knows. */
function NoStep({ error, words }: { error: Error; words: string }) {
  const { status, detail } = asProblem(error);
  return status === 404 ? (
    <p className="muted">{words}</p>
  ) : (
    <p className="told critical" role="alert">
      {detail}
    </p>
  );
}

/** From where it can be reached. */
function Reach({ id }: { id: string }) {
  const ways = useQuery({ queryKey: ['ways-to', id], queryFn: ({ signal }) => getWaysTo(id, signal) });
  return (
    <section className="section" aria-labelledby="reach-title">
      <header>
        <h2 id="reach-title">Who can reach it</h2>
      </header>
      {ways.isPending && <p className="muted">Looking for ways</p>}
      {ways.isError && <NoStep error={ways.error} words="No attack step leads to it." />}
      {ways.isSuccess && ways.data.ways.length === 0 && (
        <p className="muted">Nobody from outside, as far as is known.</p>
      )}
      <ul className="changes">
        {ways.data?.ways.slice(0, 8).map((way) => (
          <li key={`${way.entry} ${way.steps.length}`}>
            <span className="told">{way.steps.map(({ sentence }) => sentence).join('; ')}.</span>
            <span className="to nowrap">likelihood {likelihoodText(way.likelihood)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What whoever takes it gets to. */
function Blast({ id }: { id: string }) {
  const blast = useQuery({ queryKey: ['blast', id], queryFn: ({ signal }) => getBlastRadius(id, signal) });
  return (
    <section className="section" aria-labelledby="blast-title">
      <header>
        <h2 id="blast-title">Blast radius</h2>
      </header>
      {blast.isPending && <p className="muted">Looking for what it leads to</p>}
      {blast.isError && <NoStep error={blast.error} words="No attack step leads on from it." />}
      {blast.isSuccess && (
        <>
          <p className="told">Whoever takes it {blast.data.sentence}.</p>
          <ul className="changes">
            {blast.data.targets.slice(0, 8).map((target) => (
              <li key={target.id}>
                <Link className="told" to="/resource" search={{ id: target.id }}>
                  {target.name}
                </Link>
                <span className="to nowrap">{(target.dataClass ?? target.class).replaceAll('-', ' ')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
