import type { FindingSummary } from '../finding/finding-state.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import type { Weakness } from './path-facts.ts';

/** A finding about the application's own code, as it is stored. */
export interface CodeFinding {
  readonly fingerprint: string;
  readonly issueId: string;
  /** `CWE-918`; null where the rule names none. */
  readonly cwe: string | null;
  readonly summary: FindingSummary;
  readonly flawed: Weakness['flawed'];
  /** Keys of what runs it. */
  readonly on: readonly string[];
}

/** What flaws of a kind give to whoever reaches the code (attack-paths §4.3, C3). */
const EFFECTS: Readonly<Record<string, { readonly gives: Weakness['gives']; readonly words: string }>> = {
  'CWE-77': { gives: 'exec', words: 'command injection' },
  'CWE-78': { gives: 'exec', words: 'command injection' },
  'CWE-94': { gives: 'exec', words: 'code injection' },
  'CWE-95': { gives: 'exec', words: 'code injection' },
  'CWE-502': { gives: 'exec', words: 'unsafe deserialisation' },
  'CWE-434': { gives: 'exec', words: 'upload of files that are run' },
  'CWE-917': { gives: 'exec', words: 'expression injection' },
  'CWE-1336': { gives: 'exec', words: 'template injection' },
  'CWE-918': { gives: 'ssrf', words: 'forged requests from the server' },
};

/** That a flaw which a scanner read in the code, and nobody tried from outside, is one (attack-paths §4.4). */
const READ = 0.25;

/** The worst two words of a scanner: what it calls less is no way in. */
const GRAVE = new Set(['critical', 'high']);

const DOES_NOT_APPLY: RiskVerdict = {
  state: 'no',
  evidence: [
    { sentence: 'Does not apply: the flaw is in code of your own.', provenance: 'attack path', at: null },
  ],
  missing: [],
};

/** The flaw that a finding about one's own code is; null where it gives nobody anything that a path goes on from. */
export function codeWeaknessOf(finding: CodeFinding): Weakness | null {
  const { cwe, summary } = finding;
  const effect = cwe !== null && Object.hasOwn(EFFECTS, cwe) ? EFFECTS[cwe] : undefined;
  if (effect === undefined || summary.about === 'other' || !GRAVE.has(summary.severity ?? '')) return null;
  return {
    gives: effect.gives,
    isOwnCode: true,
    fingerprint: finding.fingerprint,
    issueId: finding.issueId,
    name: `${effect.words} (${cwe})`,
    flawed: finding.flawed,
    on: finding.on,
    probability: READ,
    why: 'a scanner read it in the code',
    exploit: DOES_NOT_APPLY,
    evidence: [
      {
        sentence: `${summary.title}.`,
        provenance: summary.sources.join(', '),
        at: summary.publishedAt,
      },
    ],
    assumptions: ['The code that was read is what answers requests from outside.'],
  };
}

/** The kinds of flaws that give somebody something, as findings name them. */
export const CODE_FLAWS: readonly string[] = Object.keys(EFFECTS);
