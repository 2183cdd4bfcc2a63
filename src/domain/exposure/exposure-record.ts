import type { Evidence, RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import { type Audience, isPublic } from './audience.ts';

/** Who asks for an identity: nobody that we know of (`app`: perhaps the application), a cloud (`iam`), a login or a signed address in front. */
export type Authentication =
  | 'none'
  | 'app'
  | 'iam'
  | 'oidc'
  | 'mtls'
  | 'api-key'
  | 'signed-url'
  | 'db-password';

/** What a front of a cloud leads to, as far as its cloud tells it. */
export interface Behind {
  /** A service of a cluster whose endpoints these are: `shop/web`, and its port. */
  readonly service?: string;
  readonly port?: string;
  /** The full names of the groups of these endpoints. */
  readonly groups?: readonly string[];
  /** Whom the login of the front lets through beside those whom the owner named; absent where the front asks for none. */
  readonly lets?: 'nobody' | 'internet' | 'any-google-account' | 'unknown';
  /** What would settle whom it lets through, where that is not known. */
  readonly lacks?: readonly string[];
}

/** One way in to a resource: what can be reached, by whom, and who checks them (attack-paths §2.1). */
export interface ExposureRecord {
  /** `tcp/443`, `every tcp port`, `read`, `sqs:SendMessage`; `any` where nothing tells the ways apart. */
  readonly surface: string;
  readonly audience: Audience;
  readonly auth: Authentication;
  /** Whether this audience reaches this surface. */
  readonly verdict: RiskState;
  /** The chain from the audience to the resource, in that order: an address, a route, a load balancer. */
  readonly via: readonly string[];
  /** What would close it: rules of security groups, entries of network ACLs, statements. */
  readonly gates: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Where the verdict is unknown: inputs that would settle it, with the command that supplies each. */
  readonly missing: readonly string[];
  /** Who they are, as CIDR blocks, where the audience is some addresses and those are few; else absent. */
  readonly senders?: readonly string[];
  /** What is handed over to whoever gets in: running code in what is behind it, as a dashboard or a kubelet does (attack-paths §2.7, 6). */
  readonly hands?: 'exec';
  /** The web ACL that requests pass: it filters some of them and closes nothing (attack-paths §2.3). */
  readonly filteredBy?: string;
  /** Whether something answers on its ports, where somebody looked; it changes no verdict (attack-paths §2.2, 7). */
  readonly listening?: 'yes' | 'no';
  readonly behind?: Behind;
  /** Somebody outside got an answer. */
  readonly confirmed?: true;
  /** Stopped, pending, or a template without instances: exposed as soon as it starts. */
  readonly isDormant?: true;
}

/** Whether it certainly lets strangers in. */
export function isOpenToPublic({ verdict, audience }: ExposureRecord): boolean {
  return verdict === 'yes' && isPublic(audience);
}

/** Facts of a verdict that people still read; the rest repeat them. */
const EVIDENCE_MAX = 10;

/**
 * The detected risk of a resource, from all its ways in: one certain public way is enough for yes, and no
 * needs all ways of a public audience to be no. Without any record nothing is known.
 */
export function publicAccessibility(records: readonly ExposureRecord[]): RiskVerdict {
  const open = records.filter(isOpenToPublic);
  if (open.length > 0) return verdictOf('yes', open);
  const unsure = records.filter((record) => record.verdict === 'unknown' && isPublic(record.audience));
  if (unsure.length > 0 || records.length === 0) return verdictOf('unknown', unsure);
  return verdictOf('no', records);
}

function verdictOf(state: RiskState, records: readonly ExposureRecord[]): RiskVerdict {
  return {
    state,
    evidence: firstFacts(records),
    missing:
      state === 'unknown'
        ? [...new Set(records.flatMap((record) => record.missing))].slice(0, EVIDENCE_MAX)
        : [],
  };
}

/** Each sentence once, until there are enough of them. */
function firstFacts(records: readonly ExposureRecord[]): readonly Evidence[] {
  const facts = new Map<string, Evidence>();
  for (const { evidence } of records)
    for (const fact of evidence) {
      facts.set(fact.sentence, fact);
      if (facts.size === EVIDENCE_MAX) return [...facts.values()];
    }
  return [...facts.values()];
}
