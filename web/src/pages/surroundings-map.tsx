import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { PathMap } from '../../../src/contract/attack-path.ts';
import { savePng, saveSvg, standaloneSvg } from '../features/map/export-picture.ts';
import { LeftOut } from '../features/map/left-out.tsx';
import { layoutMap } from '../features/map/map-layout.ts';
import { MapPicture } from '../features/map/map-picture.tsx';
import { MapText } from '../features/map/map-text.tsx';
import { lineKey } from '../features/map/map-ways.ts';
import { ZoomTools } from '../features/map/zoom-tools.tsx';
import { getSurroundings } from '../shared/api/paths-api.ts';
import { counted } from '../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { useKeys } from '../shared/use-keys.ts';
import { MapHead } from './map-head.tsx';
import { NodeFacts } from './node-facts.tsx';

const route = getRouteApi('/frame/issues/$id/map');

const NONE: ReadonlySet<string> = new Set();
const NO_GATES: ReadonlyMap<string, readonly never[]> = new Map();

/** Of an issue that is no attack path: what runs, holds and is acted as by what it is on, as a picture and as text. */
export function SurroundingsMap({ id, title }: { id: string; title: string }) {
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/issues/$id/map' });
  const go = useNavigate();
  const map = useQuery({
    queryKey: ['surroundings', id],
    queryFn: ({ signal }) => getSurroundings(id, signal),
  });
  const [selected, setSelected] = useState<string | null>(null);
  const picture = useRef<SVGSVGElement>(null);
  const isText = search.as === 'text';
  const show = (as: 'text' | undefined) =>
    void navigate({ search: (before) => ({ ...before, as }), replace: true });
  useKeys({
    close: () => {
      if (selected !== null) setSelected(null);
      else void go({ to: '/issues/$id', params: { id } });
    },
    'as-text': () => show(isText ? undefined : 'text'),
    ...(!isText && { 'save-svg': () => save('svg'), 'save-png': () => save('png') }),
  });
  const save = (as: 'svg' | 'png') => {
    if (picture.current === null || !map.isSuccess) return;
    const text = standaloneSvg(picture.current, layoutMap(map.data));
    if (as === 'svg') saveSvg(text, `map-${id}`);
    else void savePng(text, `map-${id}`);
  };
  const shown = map.data?.nodes.length ?? 0;
  return (
    <>
      <MapHead id={id} title={title} isText={isText} show={show} save={save}>
        {map.isSuccess && `its surroundings, ${shown} of ${counted(shown + map.data.hidden, 'thing')}`}
      </MapHead>
      {map.isPending && (
        <p className="section muted" role="status">
          Reading its surroundings
        </p>
      )}
      {map.isError && <ProblemFace error={map.error} retry={() => void map.refetch()} />}
      {map.isSuccess &&
        (shown === 0 ? (
          <EmptyFace title="Nothing is known around it">
            <p className="muted">It is closed, or nothing describes what it was on.</p>
          </EmptyFace>
        ) : (
          <div className="mapwork">
            <section className="canvas-col" aria-label={isText ? 'The map as text' : 'Picture'}>
              {isText ? (
                <ScrollBox label="The map as text, scrolling" className="scroll">
                  <MapText map={map.data} unreached={NONE} heading={() => ''} />
                </ScrollBox>
              ) : (
                <MapPicture
                  map={map.data}
                  marks={{
                    lines: NONE,
                    nodes: beginningsOf(map.data, id),
                    closed: NONE,
                    unreached: NONE,
                    hovered: null,
                    selected,
                  }}
                  gates={NO_GATES}
                  cut={NONE}
                  picture={picture}
                  onHover={() => undefined}
                  onSelect={setSelected}
                  onCut={() => undefined}
                  lane={() => ''}
                  tools={(zoom) => <ZoomTools zoom={zoom} />}
                />
              )}
              <LeftOut map={map.data} />
            </section>
            <Around map={map.data} selected={selected} onSelect={setSelected} />
          </div>
        ))}
    </>
  );
}

/** What the issue itself is on. */
function beginningsOf(map: PathMap, issue: string): ReadonlySet<string> {
  return new Set(map.nodes.filter(({ issues }) => issues.includes(issue)).map(({ id }) => id));
}

/** The same in sentences, or what is known of the thing that is chosen. */
function Around({
  map,
  selected,
  onSelect,
}: {
  map: PathMap;
  selected: string | null;
  onSelect: (node: string | null) => void;
}) {
  const node = map.nodes.find(({ id }) => id === selected) ?? null;
  const edges =
    selected === null ? map.edges : map.edges.filter(({ from, to }) => from === selected || to === selected);
  return (
    <section className="story" aria-label="What is around it">
      <header>
        <h2>{node === null ? 'What is around it' : node.name}</h2>
        <p className="muted">
          {map.edges.length === 0
            ? 'No inventory tells what runs it, what it is part of or what it acts as.'
            : 'What runs it, what it is part of and what it acts as, two steps away at most.'}
        </p>
      </header>
      <ScrollBox label="Relations" className="scroll">
        <ul className="around">
          {edges.map((edge) => (
            <li key={`${lineKey(edge)} ${edge.rule}`} className="told">
              {edge.sentence}
            </li>
          ))}
        </ul>
      </ScrollBox>
      <div className={node === null ? 'outcome' : 'outcome answer'} aria-live="polite">
        {node === null ? (
          <p className="muted">Choose a thing to see what is known of it.</p>
        ) : (
          <NodeFacts node={node} onClose={() => onSelect(null)} />
        )}
      </div>
    </section>
  );
}
