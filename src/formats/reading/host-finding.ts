import type { Instant } from '#base/instant.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';

const REFERENCES_MAX = 5;
const CVES_MAX = 200;

/** What a scanner of hosts found from outside or by logging in: a bulletin of its own, and the CVEs that it stands for. */
export interface HostFlaw {
  /** The scanner's own number, with what tells whose: `NESSUS-19506`, `QID-105971`. */
  readonly bulletin: string;
  readonly cves: readonly string[];
  readonly resource: ResourceDescription;
  readonly title: string | undefined;
  readonly severity: Severity | null;
  readonly vectors?: readonly VectorClaim[] | undefined;
  readonly description?: string | undefined;
  readonly fix?: string | undefined;
  readonly references?: readonly string[] | undefined;
  /** `443/tcp`. */
  readonly port?: string | undefined;
  readonly state?: ObservedState | undefined;
  readonly publishedAt?: Instant | null | undefined;
  /** The sentence that says that an exploit exists. */
  readonly exploit?: string | undefined;
  readonly cover?: string | undefined;
}

/** One finding for each CVE of a bulletin, else one under its own name (design: identity, names). Ports are locations. */
export function hostFindings(flaw: HostFlaw): readonly FindingObservation[] {
  const cves = [...new Set(flaw.cves)].slice(0, CVES_MAX);
  return (cves.length === 0 ? [undefined] : cves).map((cve) => ({
    kind: 'finding',
    type: 'infrastructure_vulnerability',
    subject:
      cve === undefined
        ? { is: 'advisory', id: flaw.bulletin }
        : { is: 'advisory', id: cve, bulletins: [flaw.bulletin] },
    resource: flaw.resource,
    place: { is: 'none' },
    state: flaw.state ?? OPEN,
    title: flaw.title ?? cve ?? flaw.bulletin,
    severity: flaw.severity,
    vectors: flaw.vectors,
    description: flaw.description || undefined,
    fix: flaw.fix,
    references: flaw.references?.slice(0, REFERENCES_MAX),
    locations: flaw.port === undefined ? undefined : [{ port: flaw.port.slice(0, 100) }],
    publishedAt: flaw.publishedAt ?? undefined,
    exploit: flaw.exploit === undefined ? undefined : { kind: 'exploit_published', sentence: flaw.exploit },
    cover: flaw.cover,
    findingClass: 'os-packages',
  }));
}

/** `443/tcp` of a port and a protocol; undefined for port 0 and for none, which mean the host as a whole. */
export function portOf(port: string | undefined, protocol: string | undefined): string | undefined {
  if (port === undefined || port === '0') return undefined;
  return protocol === undefined ? port : `${port}/${protocol.toLowerCase()}`;
}

/** All CVEs that texts name, each once, in capitals and in their order. */
export function cvesIn(...texts: readonly (string | undefined)[]): readonly string[] {
  const found = texts.flatMap((text) => text?.slice(0, 100_000).match(/\bCVE-\d{4}-\d{4,19}\b/gi) ?? []);
  return [...new Set(found.map((cve) => cve.toUpperCase()))];
}

/** The addresses in a text, one to a line or behind each other. */
export function addressesIn(text: string | undefined): readonly string[] {
  return (text ?? '')
    .slice(0, 20_000)
    .split(/[\s,]+/)
    .filter((word) => /^https?:\/\/\S{3,2000}$/i.test(word));
}
