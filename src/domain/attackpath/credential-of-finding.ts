import type { FindingSummary } from '../finding/finding-state.ts';
import { findingGate } from './gate.ts';
import type { JoinedWorkloads } from './joined-workload.ts';
import type { Credential } from './path-facts.ts';
import { shownName } from './step-text.ts';

/** A finding about a secret, as it is stored, with what its names were found to be. */
export interface SecretFinding extends JoinedWorkloads {
  readonly fingerprint: string;
  readonly issueId: string;
  readonly summary: FindingSummary;
  readonly place: Credential['place'];
  /** Type of the resource, as inventories spell it; null where none describes it. */
  readonly type: string | null;
  /** Keys of what it opens. */
  readonly opens: readonly string[];
  /** Whether an inventory says that it is in force, whatever nobody tried. */
  readonly isInForce?: boolean;
}

/** That a secret of a finding still works (attack-paths §4.4). */
const TRIED = 0.95;
const IN_FORCE = 0.6;
const UNTRIED = 0.3;

/** What browsers and phones load: everybody may read what is in it. */
const FRONT_END = /\.(?:m?js|js\.map|html?|apk|ipa|wasm)$/i;

function kindOf({ summary, opens, place, type }: SecretFinding): string {
  const paths = summary.locations.flatMap(({ path }) => path ?? []);
  if (paths.some((path) => path.endsWith('.tfstate'))) return 'terraform-state';
  if (opens.some((key) => key.startsWith('azure:') && /\/storageaccounts\//i.test(key)))
    return 'storage-token';
  if (type === 's3-bucket' && paths.some((path) => FRONT_END.test(path))) return 'front-end';
  return type ?? place.kind;
}

/** The credential that a finding is; null of one that is known to be dead, or that nobody knows what it opens. */
export function credentialOf(finding: SecretFinding): Credential | null {
  const { summary, opens, place } = finding;
  if (summary.secretState === 'inactive' || opens.length === 0) return null;
  const title = shownName(summary.title);
  const where = shownName(place.name);
  return {
    gate: findingGate(finding.fingerprint, finding.issueId, `revoke what lies in ${where} (${title})`),
    kind: kindOf(finding),
    name: title,
    place,
    on: finding.on,
    ...(finding.assumedJoins === undefined ? {} : { assumedJoins: finding.assumedJoins }),
    opens,
    probability: summary.secretState === 'active' ? TRIED : finding.isInForce === true ? IN_FORCE : UNTRIED,
    // What is written into code that everybody reads, everybody has.
    isLeaked:
      summary.isLeaked === true || (place.kind === 'repository' && summary.inPublicRepository === true),
    isManaged: false,
    evidence: [
      {
        sentence: `${title} lies in ${where}${summary.secretState === 'active' ? ', and it works' : ''}.`,
        provenance: summary.sources.join(', '),
        at: summary.publishedAt,
      },
    ],
  };
}
