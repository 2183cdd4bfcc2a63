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
  const shared = Array.from({ length: estate.gateCount }, (_, gate) => [gateOf('finding', `flaw-${gate}`)]);
  const held = Array.from({ length: estate.list.nodeCount }, (_, node) => heldOf(estate, node));
  const steps: AttackStep[] = [];
  let begun: Begun | null = null;
  for (const edge of stateByState(tails)) {
    const tail = tails[edge] as number;
    if (begun?.tail !== tail) begun = begunAt(estate, tail, held);
    const [number] = estate.gatesOfEdge[edge] as readonly number[];
    const gates = number === undefined ? begun.gates : (shared[number] as readonly Gate[]);
    const head = heads[edge] as number;
    const step = stepOf(estate, begun, head, held[head] as State, costs[edge] as number, gates);
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

/** What all steps of one state have in common: one of each, as steps are many and what is measured is what is made of them. */
interface Begun {
  readonly tail: number;
  readonly from: State;
  readonly gates: readonly Gate[];
  readonly sentence: string;
}

function begunAt(estate: GraphEstate, tail: number, held: readonly State[]): Begun {
  const from: State =
    tail === estate.root
      ? { asset: 'internet', family: 'origin', capability: 'reach' }
      : (held[tail] as State);
  return {
    tail,
    from,
    gates: [gateOf('setting', `rights of ${tail}`)],
    sentence: `${from.asset} leads on`,
  };
}

/** As the rules find steps: all that begin in one state, then those of the next. */
function stateByState(tails: Int32Array): Uint32Array {
  return Uint32Array.from(tails.keys()).sort((a, b) => (tails[a] as number) - (tails[b] as number));
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

const NONE: readonly string[] = [];

function stepOf(
  estate: GraphEstate,
  { tail, from, sentence }: Begun,
  head: number,
  to: State,
  cost: number,
  gates: readonly Gate[],
): AttackStep | null {
  const rule = tail === estate.root ? 'public-endpoint' : ruleOf(estate.kindOf(tail), estate.kindOf(head));
  if (rule === null) return null;
  return {
    rule,
    from,
    to,
    probability: likelihoodOfCost(cost),
    sentence,
    gates,
    evidence: EVIDENCE,
    assumptions: NONE,
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
