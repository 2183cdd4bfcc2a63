import type { AttackStep, Gate } from '../../src/domain/attackpath/attack-step.ts';
import { likelihoodOfCost } from '../../src/domain/attackpath/likelihood.ts';
import type { PathAsset, PathFacts } from '../../src/domain/attackpath/path-facts.ts';
import type { State } from '../../src/domain/attackpath/state.ts';
import type { StepRuleId } from '../../src/domain/attackpath/step-rules.ts';
import { type ResourceContext, unknownResource } from '../../src/domain/risk/deployment.ts';
import type { Evidence } from '../../src/domain/risk/detected-risk.ts';
import { type GraphEstate, type GraphEstateSize, graphEstate, type NodeKind } from './graph-estate.ts';

const TYPES: Readonly<Record<NodeKind, string>> = {
  exposed: 'ec2-instance',
  workload: 'ec2-instance',
  misc: 'lambda-function',
  principal: 'iam-role',
  data: 's3-bucket',
};

const EVIDENCE: readonly Evidence[] = [{ sentence: 'It is described.', provenance: 'bench', at: 0 }];

/** The steps of an estate made up for measuring, with everything that is known of what they lead through. */
export function pathEstate(size: GraphEstateSize): PathFacts {
  const estate = graphEstate(size);
  const { tails, heads, costs } = estate.list;
  const shared = Array.from({ length: estate.gateCount }, (_, gate) => gateOf('finding', `flaw-${gate}`));
  const own = new Map<number, Gate>();
  const steps: AttackStep[] = [];
  for (const edge of stateByState(tails)) {
    const tail = tails[edge] as number;
    const [number] = estate.gatesOfEdge[edge] as readonly number[];
    const gate =
      number === undefined ? (own.get(tail) ?? gateOf('setting', `rights of ${tail}`)) : shared[number];
    if (number === undefined) own.set(tail, gate as Gate);
    const step = stepOf(estate, tail, heads[edge] as number, costs[edge] as number, gate as Gate);
    if (step !== null) steps.push(step);
  }
  const targets = new Set(estate.targets);
  const assets = new Map<string, PathAsset>();
  for (let node = 0; node < estate.list.nodeCount; node++) {
    const kind = estate.kindOf(node);
    if (kind !== null) assets.set(keyOf(node), assetOf(keyOf(node), TYPES[kind], targets.has(node)));
  }
  return { assets, estates: new Map(), steps };
}

/** As the rules find steps: all that begin in one state, then those of the next. */
function stateByState(tails: Int32Array): readonly number[] {
  return [...tails.keys()].sort((a, b) => (tails[a] as number) - (tails[b] as number));
}

const keys: string[] = [];

/** One text for each: what is compared most is then the same. */
function keyOf(node: number): string {
  keys[node] ??= `aws:arn:aws:bench:eu-west-1:111111111111:thing/${node}`;
  return keys[node];
}

function gateOf(is: Gate['is'], id: string): Gate {
  return { fix: id, is, id, sentence: `close ${id}`, issueId: is === 'finding' ? `issue of ${id}` : null };
}

function assetOf(key: string, type: string, isWanted: boolean): PathAsset {
  const context: ResourceContext = unknownResource(key, 'cloud', key.slice(key.lastIndexOf('/') + 1));
  return {
    context: isWanted
      ? { ...context, production: { state: 'yes', evidence: EVIDENCE, missing: [] } }
      : context,
    type,
    estate: 'aws:111111111111',
    exposure: [],
    privilege: { level: 'none', reasons: [] },
    data: null,
    described: { provenance: 'bench', at: 0 },
  };
}

function heldOf(estate: GraphEstate, node: number): State {
  const asset = keyOf(node);
  switch (estate.kindOf(node)) {
    case 'exposed':
      return { asset, family: 'workload', capability: 'reach' };
    case 'principal':
      return { asset, family: 'principal', capability: 'use' };
    case 'data':
      return { asset, family: 'datastore', capability: 'read' };
    default:
      return { asset, family: 'workload', capability: 'exec' };
  }
}

function stepOf(
  estate: GraphEstate,
  tail: number,
  head: number,
  cost: number,
  gate: Gate,
): AttackStep | null {
  const isEntry = tail === estate.root;
  const from: State = isEntry
    ? { asset: 'internet', family: 'origin', capability: 'reach' }
    : heldOf(estate, tail);
  const rule = isEntry ? 'public-endpoint' : ruleOf(estate.kindOf(tail), estate.kindOf(head));
  if (rule === null) return null;
  return {
    rule,
    from,
    to: heldOf(estate, head),
    probability: likelihoodOfCost(cost),
    sentence: `${from.asset} leads to ${head}`,
    gates: [gate],
    evidence: EVIDENCE,
    assumptions: [],
    technique: null,
  };
}

function ruleOf(from: NodeKind | null, to: NodeKind | null): StepRuleId | null {
  if (to === 'data') return 'reads-data';
  if (from === 'data') return 'found-credential';
  if (from === 'exposed') return 'network-exploit';
  if (from === 'principal') return to === 'principal' ? 'assume-role' : 'instance-command';
  return to === 'principal' ? 'workload-role' : 'remote-login';
}
