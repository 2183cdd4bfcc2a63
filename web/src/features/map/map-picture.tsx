import { type KeyboardEvent, type ReactNode, type RefObject, useMemo, useRef } from 'react';
import type { Gate, PathMap } from '../../../../src/contract/attack-path.ts';
import type { IconName } from '../../shared/icon.tsx';
import { counted, shortCount } from '../../shared/number-text.ts';
import { sentenceCase } from '../../shared/sentence-case.ts';
import { useKeys } from '../../shared/use-keys.ts';
import { type riskWords, severityWords } from '../../shared/words.ts';
import { columnName } from './column-name.ts';
import { layoutMap, NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type PlacedNode } from './map-layout.ts';
import { isAround, lineKey } from './map-ways.ts';
import { dataText, findingsOf, nodeWords } from './node-words.ts';
import { stepVerb } from './step-verbs.ts';
import { useView } from './use-view.ts';

const icons: Readonly<Record<string, IconName>> = {
  origin: 'net',
  network: 'net',
  workload: 'service',
  node: 'resources',
  principal: 'role',
  account: 'office',
  datastore: 'data',
  repository: 'findings',
};
const SENSITIVE_GLYPH = 'r-sensitive';
const glyphs: Readonly<Record<keyof typeof riskWords, string>> = {
  publicly_accessible: 'r-public',
  privileged_access: 'r-privileged',
  under_attack: 'r-attack',
  exploit_available: 'r-exploit',
  in_production: 'r-prod',
};

/** Letters that have room in one line of a card, at the sizes of map.css. */
const NAME_MAX = 18;
/** Of where attackers start, whose names are known and of narrow letters. */
const ORIGIN_MAX = 21;
const LABEL_MAX = 24;
/** Of environment and owner in one line, so many letters are the owner's at least. */
const OWNER_MIN = 8;
/** More letters of a verb are two lines. */
const VERB_MAX = 9;
const VERB_LINE_MAX = 14;
/** Severities whose counts have room. */
const COUNTS_MAX = 2;

/** The middle is left out, as names are told apart by their ends. */
function fitted(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join('')}…${letters.slice(-(most - 1 - head)).join('')}`;
}

const ADMINISTRATOR = /^administrator of (?:\w+:)?(.+)$/;

/** The three lines of a card: its name, the account that it is in, and its environment with whose it is. */
function cardWords(node: PathMap['nodes'][number]): readonly [name: string, account: string, whose: string] {
  const { name, kind, environment, owner } = node;
  if (kind === 'origin') return [name, 'where attackers start', ''];
  if (kind === 'network') {
    // "Ingress shop/web": what it is, then what it is called.
    const [, is, called] = /^(\S+) (.+)$/.exec(name) ?? [];
    return called === undefined ? [name, kind, ''] : [called, is as string, ''];
  }
  const administered = ADMINISTRATOR.exec(name)?.[1];
  if (administered !== undefined)
    return [administered.replace(/^\w+:/, ''), 'administrator', joined(environment, owner)];
  return [name, node.account ?? kind, joined(environment, owner ?? 'unowned')];
}

/** Environment and owner in one line, of which the owner gives way. */
function joined(environment: string | null, owner: string | null): string {
  if (environment === null || owner === null) return environment ?? owner ?? '';
  return `${environment} · ${fitted(owner, Math.max(OWNER_MIN, LABEL_MAX - environment.length - 3))}`;
}

/** A verb in two lines where it is long, above and below the middle of its line. */
function verbLines(verb: string): readonly [above: string, below: string] {
  const words = verb.split(' ');
  if (verb.length <= VERB_MAX || words.length < 2) return [verb, ''];
  const above = words.slice(0, Math.floor(words.length / 2)).join(' ');
  return [above, verb.slice(above.length + 1)];
}

/** What of the map is marked. */
export interface Marks {
  /** Lines and things of the way that is told beside the picture. */
  readonly lines: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  /** Lines that are closed, and things that nobody gets to any more. */
  readonly closed: ReadonlySet<string>;
  readonly unreached: ReadonlySet<string>;
  /** The line under the pointer, or whose sentence is. */
  readonly hovered: string | null;
  readonly selected: string | null;
}

/** The map as a picture: columns from where attackers start, lines between them, and on the lines what closes them. */
export function MapPicture({
  map,
  marks,
  gates,
  cut,
  picture,
  onHover,
  onSelect,
  onCut,
  lane = columnName,
  tools,
}: {
  map: PathMap;
  marks: Marks;
  gates: ReadonlyMap<string, readonly Gate[]>;
  cut: ReadonlySet<string>;
  picture: RefObject<SVGSVGElement | null>;
  onHover: (line: string | null) => void;
  onSelect: (node: string | null) => void;
  onCut: (gate: Gate) => void;
  /** What a column is called, from 0. */
  lane?: (index: number) => string;
  tools: (zoom: { in: () => void; out: () => void; fit: () => void }) => ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => layoutMap(map), [map]);
  const { view, zoomIn, zoomOut, fit, panBy, show, drag } = useView(box, layout);
  useKeys({ 'zoom-in': zoomIn, 'zoom-out': zoomOut, 'zoom-fit': fit });
  const press = (event: KeyboardEvent) => {
    const move = event.target === event.currentTarget ? panBy[event.key] : undefined;
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  // What is marked is drawn over the rest.
  const lines = layout.edges.toSorted((a, b) => Number(isOn(a, marks)) - Number(isOn(b, marks)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent
    <div
      className="canvas"
      ref={box}
      role="group"
      aria-label="Map as a picture; arrow keys move it, + and - zoom. The same as text is under Text"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be moved can be reached by keyboard
      tabIndex={0}
      data-scrolls
      onKeyDown={press}
      {...drag}
    >
      {tools({ in: zoomIn, out: zoomOut, fit })}
      <svg
        ref={picture}
        width="100%"
        height="100%"
        className="picture"
        data-testid="map-picture"
        // Not under a pointer, which would press what comes to lie below it.
        onFocus={({ target }) => target.matches(':focus-visible') && show(target)}
      >
        <title>{map.title}</title>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {layout.columns.map(({ x, step }) => (
            <text key={x} className="lane" x={x} y={-20}>
              {step === null ? 'Network' : lane(step)}
            </text>
          ))}
          {lines.map((each) => (
            <Line
              key={lineKey(each.edge)}
              placed={each}
              marks={marks}
              gate={gates.get(lineKey(each.edge))?.[0] ?? null}
              cut={cut}
              onHover={onHover}
              onCut={onCut}
            />
          ))}
          {layout.nodes.map((each) => (
            <Card key={each.node.id} placed={each} marks={marks} onSelect={onSelect} />
          ))}
        </g>
      </svg>
    </div>
  );
}

function isOn({ edge }: PlacedEdge, { lines, closed }: Marks): boolean {
  return lines.has(lineKey(edge)) && !closed.has(lineKey(edge));
}

function pressed(event: KeyboardEvent, act: () => void): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  act();
}

function Line({
  placed,
  marks,
  gate,
  cut,
  onHover,
  onCut,
}: {
  placed: PlacedEdge;
  marks: Marks;
  gate: Gate | null;
  cut: ReadonlySet<string>;
  onHover: (line: string | null) => void;
  onCut: (gate: Gate) => void;
}) {
  const { edge, line, middle } = placed;
  const key = lineKey(edge);
  const state = [
    'line',
    isOn(placed, marks) && 'on',
    marks.closed.has(key) && 'closed',
    marks.hovered === key && 'hover',
  ]
    .filter(Boolean)
    .join(' ');
  const isClosed = gate !== null && cut.has(gate.id);
  const [above, below] = verbLines(stepVerb(edge.rule));
  return (
    <g className={state} onPointerEnter={() => onHover(key)} onPointerLeave={() => onHover(null)}>
      <path className="wide-line" d={line} />
      <path className="thin-line" d={line} />
      {/* Lines of what is around are many and say the same: their sentences stand in the text. */}
      {!isAround(edge) && (
        <text className="verb" x={middle.x} y={middle.y - (gate === null ? 7 : 17)} textAnchor="middle">
          <title>{edge.sentence}</title>
          {fitted(above, VERB_LINE_MAX)}
          {below !== '' && (
            <tspan x={middle.x} dy={gate === null ? 22 : 42}>
              {fitted(below, VERB_LINE_MAX)}
            </tspan>
          )}
        </text>
      )}
      {gate !== null && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no button
        <g
          className="gate"
          role="button"
          tabIndex={0}
          aria-pressed={isClosed}
          aria-label={sentenceCase(gate.sentence)}
          transform={`translate(${middle.x} ${middle.y})`}
          onClick={() => onCut(gate)}
          onKeyDown={(event) => pressed(event, () => onCut(gate))}
        >
          <title>{isClosed ? `Put back: ${gate.sentence}` : sentenceCase(gate.sentence)}</title>
          <circle r="12" />
          <use href="#i-scissors" x="-6" y="-6" width="12" height="12" />
        </g>
      )}
    </g>
  );
}

function Card({
  placed,
  marks,
  onSelect,
}: {
  placed: PlacedNode;
  marks: Marks;
  onSelect: (node: string | null) => void;
}) {
  const { node, x, y } = placed;
  const isSelected = marks.selected === node.id;
  const isGone = marks.unreached.has(node.id);
  const state = ['card', isGone ? 'gone' : marks.nodes.has(node.id) && 'on', isSelected && 'selected']
    .filter(Boolean)
    .join(' ');
  const toggle = () => onSelect(isSelected ? null : node.id);
  const [name, account, whose] = cardWords(node);
  const counts = findingsOf(node);
  const data = dataText(node);
  const badges = [...node.badges.map((risk) => glyphs[risk]), ...(data === '' ? [] : [SENSITIVE_GLYPH])];
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      className={state}
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      aria-label={[
        node.name,
        ...nodeWords(node),
        ...(node.issues.length === 0 ? [] : [counted(node.issues.length, 'issue')]),
        ...(isGone ? ['not reached any more'] : []),
      ].join(', ')}
      transform={`translate(${x} ${y})`}
      onClick={toggle}
      onKeyDown={(event) => pressed(event, toggle)}
      data-node={node.id}
    >
      <title>{`${node.name}\n${nodeWords(node).join(', ')}`}</title>
      {node.count > 1 && (
        <>
          <rect className="behind" x="6" y="6" width={NODE_WIDTH} height={NODE_HEIGHT} rx="6" />
          <rect className="behind" x="3" y="3" width={NODE_WIDTH} height={NODE_HEIGHT} rx="6" />
        </>
      )}
      <rect className="face" width={NODE_WIDTH} height={NODE_HEIGHT} rx="6" />
      <use
        className="kind"
        href={`#i-${icons[node.kind] ?? 'resources'}`}
        x="10"
        y="10"
        width="14"
        height="14"
      />
      <text className="name" x="31" y="21">
        {fitted(name, node.kind === 'origin' ? ORIGIN_MAX : NAME_MAX)}
      </text>
      <text className="label" x="10" y="39">
        {fitted(account, LABEL_MAX)}
      </text>
      <text className="label" x="10" y="55">
        {fitted(isGone ? 'not reached any more' : whose, LABEL_MAX)}
      </text>
      {badges.map((glyph, index) => (
        <use
          key={glyph}
          className="badge"
          href={`#${glyph}`}
          x={10 + index * 15}
          y="65"
          width="12"
          height="12"
        />
      ))}
      {counts.length > 0 ? (
        <text className="count" x={NODE_WIDTH - 10} y="75" textAnchor="end">
          {counts.slice(0, COUNTS_MAX).map(([severity, count], index) => (
            <tspan key={severity} className={severity} dx={index === 0 ? 0 : 6}>
              {shortCount(count)} {severityWords[severity].slice(0, 1)}
            </tspan>
          ))}
        </text>
      ) : (
        data !== '' && (
          <text className="label" x={NODE_WIDTH - 10} y="75" textAnchor="end">
            {fitted(data, LABEL_MAX - 3 * badges.length)}
          </text>
        )
      )}
    </g>
  );
}
