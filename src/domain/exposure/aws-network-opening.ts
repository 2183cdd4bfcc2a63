import { calledFirst } from '../resource/called.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Passage } from './passage.ts';
import { type AudiencePorts, portsText } from './surface.ts';

/** Ports that an audience reaches, with what lets it in. */
export interface Opening {
  readonly ports: AudiencePorts;
  readonly surface: string;
  /** Layers that a packet passes behind the address. */
  readonly layers: readonly string[];
  readonly gates: readonly string[];
  /** What the other descriptions say that decided. */
  readonly rests: readonly Evidence[];
}

/** So many gates of one way are told. */
export const GATES_MAX = 20;

/** What is open on some ports, with the descriptions that decided. */
export function openingOf(
  estate: AwsEstate,
  groups: readonly string[] | null,
  ports: AudiencePorts,
  passage: Passage,
): Opening {
  const opened = new Set(ports.gates.map((gate) => gate.slice(0, gate.indexOf(' '))));
  return {
    ports,
    surface: portsText(ports),
    layers: layersOf(groups, passage, opened),
    gates: ports.gates.slice(0, GATES_MAX),
    rests: restsOf(estate, passage, opened),
  };
}

/** The addresses of a place, and what stands behind them. */
export function behindAddresses(
  addresses: readonly string[] | null,
  layers: readonly string[],
): readonly string[] {
  return addresses === null || addresses.length === 0 ? layers : [...addresses, ...layers];
}

/** Gateway, route table, network ACL, and of the groups those that let these in (all where `opened` is null). */
export function layersOf(
  groups: readonly string[] | null,
  { via = [] }: Passage,
  opened: ReadonlySet<string> | null,
): readonly string[] {
  const layers = [...new Set(via)];
  return [
    ...layers.filter((name) => groups?.includes(name) !== true),
    ...layers.filter((name) => groups?.includes(name) === true && opened?.has(name) !== false),
  ];
}

const LAYER_SAYS: Readonly<Record<string, string>> = {
  'security-group': 'lets it in',
  'route-table': 'routes the subnet',
  'network-acl': 'filters the subnet',
  'network-firewall-policy': 'inspects what reaches the subnet',
  'vpc-block-public-access-exclusion': 'excludes it from VPC Block Public Access',
  subnet: 'has VPC Block Public Access on',
  vpc: 'has VPC Block Public Access on',
};

function sentenceOf(rest: EstateResource): string {
  // Each region has one, without a name of its own.
  if (rest.type === 'vpc-block-public-access') return 'VPC Block Public Access is set for the region.';
  return `${calledFirst(rest)} ${LAYER_SAYS[rest.type] ?? 'was looked at'}.`;
}

const RESTS_MAX = 8;

const saidOf = (): Map<EstateResource, Evidence> => new Map();

/** The other descriptions that decided, one sentence each; of groups those that are opened, where that is told. */
export function restsOf(
  estate: AwsEstate,
  { rests }: Passage,
  opened: ReadonlySet<string> | null,
): readonly Evidence[] {
  const known = estate.derived(saidOf);
  return [...new Set(rests)]
    .filter(
      (rest) =>
        opened === null || rest.type !== 'security-group' || opened.has(String(rest.facts['GroupId'])),
    )
    .slice(0, RESTS_MAX)
    .map((rest) => {
      const said = known.get(rest) ?? evidence(sentenceOf(rest), rest);
      known.set(rest, said);
      return said;
    });
}
