import { compareBytes } from '#base/compare.ts';
import { addToList } from '#base/list-map.ts';
import { counted } from '#base/text.ts';
import { consoleLink } from '../resource/console-link.ts';
import { estateName } from '../resource/estate-name.ts';
import { DETECTED_RISKS, type DetectedRisk } from '../risk/detected-risk.ts';
import { SEVERITIES, type SeverityCounts } from '../severity/severity.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep, NetworkPart } from './attack-step.ts';
import { nodeOf as anyNodeOf, secretsOf } from './cluster-state.ts';
import { subjectName } from './cluster-subject.ts';
import { estateOfAsset } from './estate-of-asset.ts';
import { type Origin, originWords } from './origin.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import type { AssetFamily, State } from './state.ts';
import type { StepRuleId } from './step-rules.ts';
import { shownName } from './step-text.ts';
import { TENANT_DATA, tenantDataOf } from './tenant-state.ts';

/** One thing on the map, or several alike that are stacked. */
export interface MapNode {
  readonly id: string;
  /** Its column: how many steps it takes to get there, from 0 for where attackers start. */
  readonly layer: number;
  /** `network` is what requests pass on their way to what stands in its column. */
  readonly kind: AssetFamily | 'network';
  readonly name: string;
  /** How many it stands for. */
  readonly count: number;
  /** Detected risks that are *yes*. */
  readonly badges: readonly DetectedRisk[];
  /** Ids of issues with a finding that has to stay for the way through here. */
  readonly issues: readonly string[];
  /** Account, subscription, project or cluster that it is in; null: none, or nobody says. */
  readonly account: string | null;
  readonly environment: string | null;
  /** What of value it holds, in the words of data classes: `pii`, `credentials`, else `confidential` or `restricted`. */
  readonly data: readonly string[];
  /** Open findings on it and on what it runs, by severity, other than attack paths. */
  readonly findings: SeverityCounts;
  readonly owner: string | null;
  /** Its page in the console of its cloud; null where there is none. */
  readonly link: string | null;
}

/** What somebody on one node does to be on the other; by the rules `passes` and `lets-in`, what requests pass on the way. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly rule: StepRuleId | 'passes' | 'lets-in';
  readonly sentence: string;
}

/** The surroundings of one attack path (attack-paths §9, context-map extract). */
export interface ContextMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Things that are on its ways and not on the map, as there are too many. */
  readonly hidden: number;
}

interface MappedWay {
  readonly steps: readonly AttackStep[];
}

const NODES_MAX = 60;
/** More alike than that, with the same neighbours, are one stack. */
const SIBLINGS_MAX = 8;

/**
 * The map of an attack path: everything that its ways pass, by how many steps it takes to get there, and the part of the
 * network that requests meet first on each way in, which stands in the column of what it leads to and tells what is behind it.
 * Where there is no room for all, the ways that come first are whole.
 */
export function contextMap(
  ways: readonly MappedWay[],
  facts: Pick<PathFacts, 'assets' | 'estates'>,
  findings: ReadonlyMap<string, SeverityCounts>,
): ContextMap {
  const nodes = new Map<string, MapNode>();
  const edges = new Map<string, MapEdge>();
  const exploitable = new Set(
    ways.flatMap(({ steps }) =>
      steps.flatMap(({ exploit, to }) => (exploit?.state === 'yes' ? [to.asset] : [])),
    ),
  );
  for (const { steps } of ways)
    for (const [index, step] of steps.entries()) {
      for (const [state, layer] of [
        [step.from, index],
        [step.to, index + 1],
      ] as const) {
        const known = nodes.get(state.asset);
        if (known === undefined || known.layer > layer)
          nodes.set(state.asset, {
            ...nodeOf(state, facts, exploitable.has(state.asset)),
            findings: findings.get(state.asset) ?? {},
            issues: known?.issues ?? [],
            layer,
          });
      }
      const issues = step.gates.flatMap(({ issueId }) => issueId ?? []);
      const at = nodes.get(step.to.asset) as MapNode;
      nodes.set(at.id, { ...at, issues: [...new Set([...at.issues, ...issues])].sort(compareBytes) });
      if (step.from.asset !== step.to.asset)
        edges.set(`${step.from.asset}\n${step.to.asset}\n${step.rule}`, {
          from: step.from.asset,
          to: step.to.asset,
          rule: step.rule,
          sentence: step.sentence,
        });
      const [front, ...behind] = step.passes ?? [];
      if (front !== undefined) {
        const known = nodes.get(front.id);
        nodes.set(front.id, {
          ...networkNode(front),
          layer: Math.min(known?.layer ?? Number.POSITIVE_INFINITY, index + 1),
        });
        for (const edge of edgesThrough(front, behind, step, at.name))
          edges.set(`${edge.from}\n${edge.to}\n${edge.rule}`, edge);
      }
    }
  const [things, around] = [false, true].map((isAround) =>
    [...nodes.values()].filter(({ kind }) => (kind === 'network') === isAround),
  ) as [MapNode[], MapNode[]];
  const all = [...edges.values()];
  // What is around one of many alike keeps none of them apart.
  const path = stacked(
    things,
    all,
    all.filter(({ rule }) => rule !== 'passes' && rule !== 'lets-in'),
  );
  const network = stacked(around, path.edges, path.edges);
  return shortened([...path.nodes, ...network.nodes], network.edges, whole(ways, path.stackOf));
}

/** Of what no inventory describes. */
const UNDESCRIBED = {
  count: 1,
  badges: [],
  account: null,
  environment: null,
  data: [],
  owner: null,
  link: null,
} as const;

function networkNode({ id, name }: NetworkPart): Omit<MapNode, 'layer'> {
  return { ...UNDESCRIBED, id, kind: 'network', name, issues: [], findings: {} };
}

function edgesThrough(
  { id, name }: NetworkPart,
  behind: readonly NetworkPart[],
  { from, to }: AttackStep,
  toName: string,
): readonly MapEdge[] {
  const through = behind.length === 0 ? '' : ` through ${behind.map((part) => part.name).join(', ')}`;
  return [
    { from: from.asset, to: id, rule: 'passes', sentence: `What comes in passes ${name}` },
    { from: id, to: to.asset, rule: 'lets-in', sentence: `${name} lets it in to ${toName}${through}` },
  ];
}

function nodeOf(
  { asset: id, family }: State,
  { assets, estates }: Pick<PathFacts, 'assets' | 'estates'>,
  isExploitable: boolean,
): Omit<MapNode, 'layer' | 'issues' | 'findings'> {
  if (family === 'origin') return { ...UNDESCRIBED, id, kind: family, name: originWords(id as Origin) };
  const asset = assets.get(id);
  if (asset === undefined) {
    const estate = estateOfAsset(id);
    const isProduction = estate !== null && estates.get(estate)?.production === 'yes';
    return {
      ...UNDESCRIBED,
      id,
      kind: family,
      name: undescribedName(id, estates),
      badges: isProduction ? ['in_production'] : [],
      account: accountName(estate),
      environment: isProduction ? 'production' : null,
    };
  }
  const { context } = asset;
  const states: Readonly<Record<DetectedRisk, string>> = {
    publicly_accessible: context.publiclyAccessible.state,
    privileged_access: context.privilegedAccess.state,
    under_attack: context.underAttack.state,
    exploit_available: isExploitable ? 'yes' : 'no',
    in_production: context.production.state,
  };
  const account = context.account ?? asset.estate;
  return {
    id,
    kind: family,
    name: shownName(context.name),
    count: 1,
    badges: DETECTED_RISKS.filter((risk) => states[risk] === 'yes'),
    account: accountName(account),
    environment: context.environment,
    data: sensitiveWords((asset.copyOf ?? asset).data),
    owner: context.team,
    link: consoleLink(id),
  };
}

/** What people call something that is in no inventory. */
function undescribedName(id: string, estates: PathFacts['estates']): string {
  const data = tenantDataOf({ asset: id });
  if (data !== null) return TENANT_DATA[data].name;
  const estate = estateOfAsset(id);
  if (estate !== null) {
    const name = shownName(estates.get(estate)?.name ?? estate);
    if (id === administratorOf(estate).asset) return `administrator of ${name}`;
    if (id === secretsOf(estate).asset) return `secrets of ${name}`;
    if (id === anyNodeOf(estate).asset) return `a node of ${name}`;
  }
  return shownName(
    subjectName(id) ?? id.replace(/#configuration$/, ' (configuration)').replace(/^saas:/, ''),
  );
}

/** Words for data that is worth something: its types, or its class where nothing tells one; empty of what nobody calls sensitive. */
function sensitiveWords(data: PathAsset['data']): readonly string[] {
  if (data === null) return [];
  if (data.types.length > 0) return data.types;
  return data.dataClass === 'confidential' || data.dataClass === 'restricted' ? [data.dataClass] : [];
}

/** Things of which some are stacked, and the id of the stack of each that is in one. */
interface Stacked {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly stackOf: ReadonlyMap<string, string>;
}

/** Siblings of one column and kind that the same things lead to and from, by the edges that tell them apart, as one. */
function stacked(nodes: readonly MapNode[], edges: readonly MapEdge[], telling: readonly MapEdge[]): Stacked {
  const around = new Map<string, string[]>();
  for (const { from, to } of telling) {
    addToList(around, from, `> ${to}`);
    addToList(around, to, `< ${from}`);
  }
  const neighbours = ({ id }: MapNode): string => (around.get(id) ?? []).sort(compareBytes).join('\n');
  const groups = Map.groupBy(nodes, (node) => `${node.layer}\n${node.kind}\n${neighbours(node)}`);
  const stackOf = new Map<string, string>();
  const kept = [...groups.values()].flatMap((group): readonly MapNode[] => {
    const [first] = group.toSorted((a, b) => compareBytes(a.id, b.id)) as [MapNode];
    if (group.length <= SIBLINGS_MAX) return group;
    for (const { id } of group) stackOf.set(id, first.id);
    return [
      {
        ...first,
        name: `${first.name} and ${counted(group.length - 1, 'other')} like it`,
        count: group.length,
        badges: DETECTED_RISKS.filter((risk) => group.some(({ badges }) => badges.includes(risk))),
        issues: [...new Set(group.flatMap(({ issues }) => issues))].sort(compareBytes),
        account: ofAll(group, ({ account }) => account),
        environment: ofAll(group, ({ environment }) => environment),
        data: [...new Set(group.flatMap(({ data }) => data))].sort(compareBytes),
        findings: added(group.map(({ findings }) => findings)),
        owner: ofAll(group, ({ owner }) => owner),
        link: null,
      },
    ];
  });
  return { nodes: kept, edges: movedEdges(edges, stackOf), stackOf };
}

/** Edges of what is stacked are those of the stack, which speak of the one that it is called after. */
function movedEdges(edges: readonly MapEdge[], stackOf: ReadonlyMap<string, string>): readonly MapEdge[] {
  const moved = new Map<string, MapEdge>();
  for (const edge of edges) {
    const [from, to] = [stackOf.get(edge.from) ?? edge.from, stackOf.get(edge.to) ?? edge.to];
    const key = `${from}\n${to}\n${edge.rule}`;
    if (!moved.has(key) || (from === edge.from && to === edge.to)) moved.set(key, { ...edge, from, to });
  }
  return [...moved.values()];
}

/** What all of them have; null where they differ. */
function ofAll(group: readonly MapNode[], of: (node: MapNode) => string | null): string | null {
  const [first] = group.map(of);
  return group.every((node) => of(node) === first) ? (first ?? null) : null;
}

function added(counts: readonly SeverityCounts[]): SeverityCounts {
  return Object.fromEntries(
    SEVERITIES.flatMap((severity) => {
      const sum = counts.reduce((before, each) => before + (each[severity] ?? 0), 0);
      return sum === 0 ? [] : [[severity, sum]];
    }),
  );
}

/** What is drawn for sure: all that the first ways pass, as long as there is room for whole ones. */
function whole(ways: readonly MappedWay[], stackOf: ReadonlyMap<string, string>): ReadonlySet<string> {
  const drawn = new Set<string>();
  for (const { steps } of ways) {
    const ids = steps.flatMap(({ from, to }) => [from.asset, to.asset]);
    const more = new Set(ids.map((id) => stackOf.get(id) ?? id).filter((id) => !drawn.has(id)));
    if (drawn.size + more.size <= NODES_MAX) for (const id of more) drawn.add(id);
  }
  return drawn;
}

/** Whole ways first, then the nearest, what ways pass before what is around it; what does not fit is counted. */
function shortened(
  nodes: readonly MapNode[],
  edges: readonly MapEdge[],
  drawn: ReadonlySet<string>,
): ContextMap {
  const isAround = ({ kind }: MapNode): number => Number(kind === 'network');
  const isLeft = ({ id }: MapNode): number => Number(!drawn.has(id));
  const byPlace = (a: MapNode, b: MapNode): number =>
    a.layer - b.layer || isAround(b) - isAround(a) || compareBytes(a.id, b.id);
  const sorted = nodes.toSorted(
    (a, b) => isAround(a) - isAround(b) || isLeft(a) - isLeft(b) || byPlace(a, b),
  );
  const kept = sorted.slice(0, NODES_MAX).sort(byPlace);
  const ids = new Set(kept.map(({ id }) => id));
  return {
    nodes: kept,
    edges: edges
      .filter(({ from, to }) => ids.has(from) && ids.has(to))
      .toSorted((a, b) => compareBytes(`${a.from} ${a.to} ${a.rule}`, `${b.from} ${b.to} ${b.rule}`)),
    hidden: sorted.slice(NODES_MAX).reduce((sum, { count }) => sum + count, 0),
  };
}

/** Who is in no account of his cloud, as somebody of a directory, is in none. */
function accountName(estate: string | null): string | null {
  const name = estateName(estate ?? '');
  return name === '' ? null : shownName(name);
}
