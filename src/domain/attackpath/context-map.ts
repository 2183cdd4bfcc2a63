import { compareBytes } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import { consoleLink } from '../resource/console-link.ts';
import { DETECTED_RISKS, type DetectedRisk } from '../risk/detected-risk.ts';
import type { AttackPath } from './attack-path.ts';
import type { AttackStep, NetworkPart } from './attack-step.ts';
import { type Origin, originWords } from './origin.ts';
import type { PathAsset } from './path-facts.ts';
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

const NODES_MAX = 60;
/** More alike than that, with the same neighbours, are one stack. */
const SIBLINGS_MAX = 8;

/**
 * The map of an attack path: everything that its shown ways pass, by how many steps it takes to get there, and the part of the
 * network that requests meet first on each way in, which stands in the column of what it leads to and tells what is behind it.
 */
export function contextMap(path: AttackPath, assets: ReadonlyMap<string, PathAsset>): ContextMap {
  const nodes = new Map<string, MapNode>();
  const edges = new Map<string, MapEdge>();
  const exploitable = new Set(
    path.paths.flatMap(({ steps }) =>
      steps.flatMap(({ exploit, to }) => (exploit?.state === 'yes' ? [to.asset] : [])),
    ),
  );
  for (const { steps } of path.paths)
    for (const [index, step] of steps.entries()) {
      for (const [state, layer] of [
        [step.from, index],
        [step.to, index + 1],
      ] as const) {
        const known = nodes.get(state.asset);
        if (known === undefined || known.layer > layer)
          nodes.set(state.asset, {
            ...nodeOf(state, assets.get(state.asset), exploitable.has(state.asset)),
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
  return shortened(stacked([...nodes.values()], [...edges.values()]));
}

function networkNode({ id, name }: NetworkPart): Omit<MapNode, 'layer'> {
  return { id, kind: 'network', name, count: 1, badges: [], issues: [], owner: null, link: null };
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
  asset: PathAsset | undefined,
  isExploitable: boolean,
): Omit<MapNode, 'layer' | 'issues'> {
  if (family === 'origin')
    return {
      id,
      kind: family,
      name: originWords(id as Origin),
      count: 1,
      badges: [],
      owner: null,
      link: null,
    };
  if (asset === undefined) {
    const data = tenantDataOf({ asset: id });
    const name =
      data !== null
        ? TENANT_DATA[data].name
        : shownName(
            id
              .replace(/^account-admin:/, 'administrator of ')
              .replace(/#configuration$/, ' (configuration)')
              .replace(/^saas:/, ''),
          );
    return { id, kind: family, name, count: 1, badges: [], owner: null, link: null };
  }
  const { context } = asset;
  const states: Readonly<Record<DetectedRisk, string>> = {
    publicly_accessible: context.publiclyAccessible.state,
    privileged_access: context.privilegedAccess.state,
    under_attack: context.underAttack.state,
    exploit_available: isExploitable ? 'yes' : 'no',
    in_production: context.production.state,
  };
  return {
    id,
    kind: family,
    name: shownName(context.name),
    count: 1,
    badges: DETECTED_RISKS.filter((risk) => states[risk] === 'yes'),
    owner: context.team,
    link: consoleLink(id),
  };
}

/** Siblings of one column and kind that the same things lead to and from, as one. */
function stacked(nodes: readonly MapNode[], edges: readonly MapEdge[]): Omit<ContextMap, 'hidden'> {
  const around = (id: string): string =>
    edges
      .flatMap((edge) => (edge.from === id ? [`> ${edge.to}`] : edge.to === id ? [`< ${edge.from}`] : []))
      .sort(compareBytes)
      .join('\n');
  const groups = Map.groupBy(nodes, (node) => `${node.layer}\n${node.kind}\n${around(node.id)}`);
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
        owner: group.every(({ owner }) => owner === first.owner) ? first.owner : null,
        link: null,
      },
    ];
  });
  const moved = edges.map((edge) => ({
    ...edge,
    from: stackOf.get(edge.from) ?? edge.from,
    to: stackOf.get(edge.to) ?? edge.to,
  }));
  const distinct = new Map(moved.map((edge) => [`${edge.from}\n${edge.to}\n${edge.rule}`, edge]));
  return { nodes: kept, edges: [...distinct.values()] };
}

/** The nearest first, what the ways pass before what is around it; what does not fit is counted. */
function shortened({ nodes, edges }: Omit<ContextMap, 'hidden'>): ContextMap {
  const isAround = ({ kind }: MapNode): number => Number(kind === 'network');
  const byPlace = (a: MapNode, b: MapNode): number =>
    a.layer - b.layer || isAround(b) - isAround(a) || compareBytes(a.id, b.id);
  const sorted = nodes.toSorted((a, b) => isAround(a) - isAround(b) || byPlace(a, b));
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
