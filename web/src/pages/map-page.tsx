import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { AttackPath, BlastRadius, Gate, PathMap } from '../../../src/contract/attack-path.ts';
import { dataWords } from '../../../src/contract/data-words.ts';
import { savePng, saveSvg, standaloneSvg } from '../features/map/export-picture.ts';
import { LeftOut } from '../features/map/left-out.tsx';
import { frontsOf, layoutMap } from '../features/map/map-layout.ts';
import { MapPicture, type Marks } from '../features/map/map-picture.tsx';
import { MapStory } from '../features/map/map-story.tsx';
import { MapText } from '../features/map/map-text.tsx';
import { cutLines, gatesOfLines, lineKey, stillReached, wayLeft, waysOf } from '../features/map/map-ways.ts';
import { ZoomTools } from '../features/map/zoom-tools.tsx';
import { getIssue } from '../shared/api/issue-api.ts';
import { getBlastRadius, getPathMap, getWhatIf } from '../shared/api/paths-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { changesOf, severityAfterWords } from '../shared/changed-paths.ts';
import { ChangedPaths } from '../shared/changed-paths-list.tsx';
import { GateSentence } from '../shared/gate-sentence.tsx';
import { gatesOf, withGate } from '../shared/gates-address.ts';
import { Icon } from '../shared/icon.tsx';
import { counted, countText, likelihoodText } from '../shared/number-text.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { MapHead } from './map-head.tsx';
import { NodeFacts } from './node-facts.tsx';
import { SurroundingsMap } from './surroundings-map.tsx';

const route = getRouteApi('/frame/issues/$id/map');

/**
 * The security context map: of an attack path the picture, its story, and what becomes of it when steps are cut; of another
 * issue what is around its resources.
 */
export function MapPage() {
  const { id } = route.useParams();
  const issue = useQuery({ queryKey: ['issue', id], queryFn: ({ signal }) => getIssue(id, signal) });
  const path = issue.data?.attackPath ?? null;
  const map = useQuery({
    queryKey: ['map', id],
    queryFn: ({ signal }) => getPathMap(id, signal),
    enabled: path !== null,
  });
  const failed = [issue, map].find(({ isError }) => isError);
  return (
    <main id="main" className="page" data-testid="map-page">
      <title>{`Map of ${issue.data?.title ?? 'an issue'} · Security Inbox`}</title>
      {issue.isSuccess && path === null ? (
        <SurroundingsMap id={id} title={issue.data.title} />
      ) : failed !== undefined ? (
        <>
          <h1 className="sr">Map</h1>
          <ProblemFace error={failed.error} retry={() => void failed.refetch()} />
        </>
      ) : map.isSuccess && issue.isSuccess && path !== null ? (
        <Work map={map.data} path={path} />
      ) : (
        <>
          <header className="head">
            <h1>Map</h1>
          </header>
          <p className="section muted" role="status">
            Reading the map
          </p>
        </>
      )}
    </main>
  );
}

function Work({ map, path }: { map: PathMap; path: AttackPath }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/issues/$id/map' });
  const go = useNavigate();
  const [hovered, setHovered] = useState<string | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const picture = useRef<SVGSVGElement>(null);
  const asked = gatesOf(search);
  const cut = new Set(asked);
  const tried = useQuery({
    queryKey: ['what-if', asked],
    queryFn: ({ signal }) => getWhatIf(asked, signal),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const blast = useQuery({
    queryKey: ['blast', path.id],
    queryFn: ({ signal }) => getBlastRadius(path.id, signal),
    retry: false,
  });
  const toggle = (gate: Gate) =>
    void navigate({ search: (before) => ({ ...before, ...withGate(before, gate.id) }), replace: true });
  const show = (as: 'text' | undefined) =>
    void navigate({ search: (before) => ({ ...before, as }), replace: true });
  const isText = search.as === 'text';
  const back = () => {
    if (selected !== null) setSelected(null);
    else void go({ to: '/issues/$id', params: { id: path.id } });
  };
  useKeys({
    close: back,
    'as-text': () => show(isText ? undefined : 'text'),
    ...(!isText && { 'save-svg': () => save('svg'), 'save-png': () => save('png') }),
    ...(asked.length > 0 && {
      undo: () => void navigate({ search: (before) => ({ ...before, cut: undefined }), replace: true }),
    }),
  });

  const ways = waysOf(path);
  const gates = useMemo(() => gatesOfLines(waysOf(path)), [path]);
  const closed = cutLines(ways, cut);
  const left = wayLeft(ways, cut);
  const way = left ?? path;
  const reached = stillReached(
    map.nodes.map(({ id }) => id),
    map.edges,
    closed,
  );
  const unreached = new Set(map.nodes.map(({ id }) => id).filter((id) => !reached.has(id)));
  const lines = new Set(left === null ? [] : way.steps.map(lineKey));
  const marks: Marks = {
    lines,
    nodes: new Set([
      ...(left === null ? [] : way.steps.flatMap(({ from, to }) => [from, to])),
      ...[...frontsOf(map)].flatMap(([edge, front]) => (lines.has(lineKey(edge)) ? [front] : [])),
    ]),
    closed,
    unreached,
    hovered,
    selected,
  };
  const after = asked.length === 0 ? null : (tried.data?.paths.find(({ id }) => id === path.id) ?? null);
  const node = map.nodes.find(({ id }) => id === selected) ?? null;
  const shown = map.nodes.reduce((sum, { count }) => sum + count, 0);
  const save = (as: 'svg' | 'png') => {
    if (picture.current === null) return;
    const text = standaloneSvg(picture.current, layoutMap(map));
    if (as === 'svg') saveSvg(text, `map-${path.id}`);
    else void savePng(text, `map-${path.id}`);
  };

  return (
    <>
      <MapHead id={path.id} title={map.title} isText={isText} show={show} save={save}>
        {shown} of {counted(shown + map.hidden, 'thing')}
      </MapHead>
      <div className="mapwork">
        <section className="canvas-col" aria-label={isText ? 'The map as text' : 'Picture'}>
          {isText ? (
            <ScrollBox label="The map as text, scrolling" className="scroll">
              <MapText map={map} unreached={unreached} />
            </ScrollBox>
          ) : (
            <MapPicture
              map={map}
              marks={marks}
              gates={gates}
              cut={cut}
              picture={picture}
              onHover={setHovered}
              onSelect={setSelected}
              onCut={toggle}
              tools={(zoom) => <ZoomTools zoom={zoom} />}
            />
          )}
          <LeftOut map={map} />
          <dl className="blast" aria-label="What is at stake">
            <div>
              <dt>Entries</dt>
              <dd>{counted(path.entries, 'way in', 'ways in')}</dd>
            </div>
            <div>
              <dt>In reach</dt>
              <dd>{counted(path.targets, 'target')}</dd>
            </div>
            <div>
              <dt>Passed on the way</dt>
              <dd>{counted(path.resources, 'resource')}</dd>
              <dd>{counted(path.services, 'service')}</dd>
            </div>
            {blast.isSuccess && <Stakes blast={blast.data} />}
            {blast.isError && (
              <div>
                <dt>Data and teams in reach</dt>
                <dd className="told">
                  <span role="alert">{asProblem(blast.error).detail}</span>
                </dd>
              </div>
            )}
            <div>
              <dt>Likelihood, an estimate</dt>
              <dd>
                {after === null || after.likelihoodAfter === path.likelihood
                  ? likelihoodText(path.likelihood)
                  : `${after.likelihoodAfter === null ? 'none' : likelihoodText(after.likelihoodAfter)}, was ${likelihoodText(path.likelihood)}`}
              </dd>
            </div>
          </dl>
        </section>
        <section className="story" aria-label="The path as text">
          <header>
            <h2>
              {asked.length === 0
                ? `The likeliest of ${counted(ways.length + path.more, 'way')}`
                : left === null
                  ? 'No way that is shown is left'
                  : way === path
                    ? 'The likeliest way is still open'
                    : 'The way that is left'}
            </h2>
            <p className="muted told">
              <span className={after?.severityAfter ?? path.severity}>
                {severityAfterWords(path.severity, after)}
              </span>
              {asked.length === 0 && `. ${path.why}`}
            </p>
          </header>
          <ScrollBox label="Steps" className="scroll">
            <MapStory path={path} way={way} cut={cut} hovered={hovered} onHover={setHovered} onCut={toggle} />
          </ScrollBox>
          <div
            className={node === null && asked.length === 0 ? 'outcome' : 'outcome answer'}
            aria-live="polite"
            data-testid="outcome"
          >
            {node !== null ? (
              <NodeFacts node={node} onClose={() => setSelected(null)} />
            ) : (
              <Outcome
                first={path.fixes[0] ?? null}
                count={asked.length}
                onCut={toggle}
                problem={tried.isError ? asProblem(tried.error).detail : null}
                onBack={() =>
                  void navigate({ search: (before) => ({ ...before, cut: undefined }), replace: true })
                }
              >
                {tried.isSuccess ? (
                  <ChangedPaths items={changesOf(tried.data.paths)} />
                ) : (
                  <p className="muted">Trying it</p>
                )}
                {tried.isSuccess && changesOf(tried.data.paths).length === 0 && (
                  <p className="muted">No path changes: each has another way that is as likely.</p>
                )}
              </Outcome>
            )}
          </div>
        </section>
      </div>
    </>
  );
}

/** What whoever gets to the end holds: data by class, accounts and teams. */
function Stakes({ blast }: { blast: BlastRadius }) {
  const named = (shares: BlastRadius['byTeam'], words: (name: string) => string = String) =>
    shares.map(({ name, targets }) =>
      name === null
        ? `${countText(targets)} unknown`
        : targets > 1
          ? `${words(name)} (${countText(targets)})`
          : words(name),
    );
  const data = named(
    blast.byDataType.filter(({ name }) => name !== null),
    dataWords,
  );
  const teams = named(blast.byTeam);
  const shown = [
    { term: 'Data in reach', words: data, none: 'none known to be sensitive' },
    { term: 'Teams', words: teams, none: 'none known' },
  ];
  return shown.map(({ term, words, none }) => (
    <div key={term} title={words.join(', ')}>
      <dt>{term}</dt>
      <dd className="told">{words.length === 0 ? none : words.slice(0, 3).join(', ')}</dd>
      {words.length > 3 && <dd>and {countText(words.length - 3)} more</dd>}
    </div>
  ));
}

function Outcome({
  first,
  count,
  problem,
  onCut,
  onBack,
  children,
}: {
  /** What closes the likeliest way best; null: nothing single does. */
  first: Gate | null;
  count: number;
  problem: string | null;
  onCut: (gate: Gate) => void;
  onBack: () => void;
  children: React.ReactNode;
}) {
  if (count === 0)
    return (
      <>
        <h2>{first === null ? 'Nothing is cut' : 'Fix first'}</h2>
        {first !== null && (
          <button type="button" className="cutline" onClick={() => onCut(first)}>
            <Icon name="scissors" />
            <span className="told">
              <GateSentence sentence={first.sentence} />
            </span>
          </button>
        )}
        <p className="muted">Cut a step to see what that does to this picture and to every attack path.</p>
      </>
    );
  return (
    <>
      <h2>With {counted(count, 'cut')}</h2>
      {problem === null ? children : <p className="told">It could not be tried: {problem}</p>}
      <p className="more">
        <button type="button" className="btn" onClick={onBack}>
          Put back <kbd>u</kbd>
        </button>
      </p>
    </>
  );
}
