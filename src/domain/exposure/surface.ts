import {
  type AddressSet,
  coversAddresses,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { type Audience, audienceOfSources, isPublic } from './audience.ts';

/** Ports of a protocol and the addresses that may send to them. */
export interface Surface {
  readonly protocol: 'tcp' | 'udp';
  readonly from: number;
  readonly to: number;
  readonly sources: AddressSet;
  /** What lets it in: a rule of a security group, an entry, a route. Absent where nothing is named. */
  readonly gates?: readonly string[];
  /** The sources are those of a content network: who comes from there came through it. */
  readonly origin?: 'cdn';
}

/** `tcp` and `udp` on every port, from these addresses. */
export function everyPort(sources: AddressSet): readonly Surface[] {
  return [
    { protocol: 'tcp', from: 0, to: 65_535, sources },
    { protocol: 'udp', from: 0, to: 65_535, sources },
  ];
}

/** What both allow. */
export function intersectSurfaces(a: readonly Surface[], b: readonly Surface[]): readonly Surface[] {
  const result: Surface[] = [];
  for (const x of a) {
    for (const y of b) {
      if (x.protocol !== y.protocol) continue;
      const from = Math.max(x.from, y.from);
      const to = Math.min(x.to, y.to);
      if (from > to) continue;
      const sources = intersectAddresses(x.sources, y.sources);
      if (hasAddresses(sources)) result.push({ protocol: x.protocol, from, to, sources, ...marksOf(x, y) });
    }
  }
  return result;
}

/** Gates of both, and where either stands behind a content network, so do both. */
function marksOf(x: Surface, y: Surface): Pick<Surface, 'gates' | 'origin'> {
  const gates = x.gates === undefined ? y.gates : y.gates === undefined ? x.gates : [...x.gates, ...y.gates];
  const origin = x.origin ?? y.origin;
  return { ...(gates === undefined ? {} : { gates }), ...(origin === undefined ? {} : { origin }) };
}

/** What is left of a surface without the ports and sources of another. */
export function subtractSurface(surface: Surface, taken: Surface): readonly Surface[] {
  const from = Math.max(surface.from, taken.from);
  const to = Math.min(surface.to, taken.to);
  if (surface.protocol !== taken.protocol || from > to) return [surface];
  const rest: Surface[] = [];
  if (surface.from < from) rest.push({ ...surface, to: from - 1 });
  if (surface.to > to) rest.push({ ...surface, from: to + 1 });
  const sources = subtractAddresses(surface.sources, taken.sources);
  if (hasAddresses(sources)) rest.push({ ...surface, from, to, sources });
  return rest;
}

/** Keeps of every surface the sources in the set. */
export function limitSources(surfaces: readonly Surface[], sources: AddressSet): readonly Surface[] {
  return surfaces.flatMap((surface) => {
    const kept = intersectAddresses(surface.sources, sources);
    return hasAddresses(kept) ? [{ ...surface, sources: kept }] : [];
  });
}

export interface AudiencePorts {
  readonly protocol: 'tcp' | 'udp';
  readonly from: number;
  readonly to: number;
  readonly audience: Audience;
  /** Everything that lets this audience in. */
  readonly gates: readonly string[];
  /** Who they are, where they are some of the internet. */
  readonly sources: AddressSet;
}

/**
 * Who reaches which ports. Rules are joined first: two rules for half of the internet each open a port
 * to all of it. `audienceOf` says who a set of senders is.
 */
export function audiencePorts(
  surfaces: readonly Surface[],
  audienceOf: (sources: AddressSet) => Audience = audienceOfSources,
): readonly AudiencePorts[] {
  const found: AudiencePorts[] = [];
  for (const protocol of ['tcp', 'udp'] as const) {
    const own = surfaces.filter((surface) => surface.protocol === protocol);
    const cuts = [...new Set(own.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
    for (const [index, from] of cuts.entries()) {
      const next = cuts[index + 1];
      if (next === undefined) break;
      const here = own.filter((surface) => surface.from <= from && surface.to >= next - 1);
      if (here.length === 0) continue;
      const opened = { protocol, from, to: next - 1, ...reachedBy(here, audienceOf) };
      const before = found.at(-1);
      if (before !== undefined && continues(before, opened))
        found[found.length - 1] = { ...before, to: next - 1 };
      else found.push(opened);
    }
  }
  return found;
}

function reachedBy(
  here: readonly Surface[],
  audienceOf: (sources: AddressSet) => Audience,
): Pick<AudiencePorts, 'audience' | 'gates' | 'sources'> {
  const direct = here.filter((surface) => surface.origin === undefined);
  const counted = direct.length > 0 ? direct : here;
  const sources = sourcesOf(counted);
  return {
    audience: direct.length > 0 ? audienceOf(sources) : 'cdn-only',
    gates: [...new Set(counted.flatMap((surface) => surface.gates ?? []))],
    sources,
  };
}

function areSame(a: AddressSet, b: AddressSet): boolean {
  return a === b || (coversAddresses(a, b) && coversAddresses(b, a));
}

function continues(before: AudiencePorts, next: AudiencePorts): boolean {
  return (
    before.protocol === next.protocol &&
    before.to === next.from - 1 &&
    before.audience === next.audience &&
    // Everybody is everybody; of others the same audience may be other people.
    (before.audience === 'internet' || areSame(before.sources, next.sources)) &&
    before.gates.length === next.gates.length &&
    before.gates.every((gate, index) => gate === next.gates[index])
  );
}

/** The ports that a public audience reaches. */
export function publicPorts(
  surfaces: readonly Surface[],
  audienceOf: (sources: AddressSet) => Audience = audienceOfSources,
): readonly AudiencePorts[] {
  return audiencePorts(surfaces, audienceOf).filter(({ audience }) => isPublic(audience));
}

/** `tcp/443`, `tcp/8000-8080`, `every tcp port`. */
export function portsText({ protocol, from, to }: Pick<Surface, 'protocol' | 'from' | 'to'>): string {
  if (from === 0 && to === 65_535) return `every ${protocol} port`;
  return from === to ? `${protocol}/${from}` : `${protocol}/${from}-${to}`;
}

/**
 * Whether ports as a way in tells them (`tcp/443, tcp/8000-8080`, `every tcp port`) hold this one. Words that tell no ports
 * (`any`, `any through a distribution`) may hold every one.
 */
export function servesPort(text: string, protocol: string, port: number): boolean {
  return text.split(', ').some((part) => {
    const every = /^every (\w+) port\b/.exec(part);
    if (every !== null) return every[1] === protocol.toLowerCase();
    const told = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?\b/.exec(part);
    if (told === null) return true;
    const from = Number(told[2]);
    return told[1] === protocol.toLowerCase() && from <= port && port <= Number(told[3] ?? from);
  });
}

/** Every address that some surface lets in. */
export function sourcesOf(surfaces: readonly Surface[]): AddressSet {
  return surfaces.length === 0 ? NO_ADDRESSES : unionAddresses(...surfaces.map((surface) => surface.sources));
}
