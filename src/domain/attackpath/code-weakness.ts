import type { FindingSummary } from '../finding/finding-state.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import CHECKS from './data/tried-checks.json' with { type: 'json' };
import type { Weakness } from './path-facts.ts';

/** A finding about the application's own code, as it is stored. */
export interface CodeFinding {
  readonly fingerprint: string;
  readonly issueId: string;
  /** `CWE-918`; null where the rule names none. */
  readonly cwe: string | null;
  /** Whether somebody tried it against what answers, and did not only read the code. */
  readonly isTried?: boolean;
  readonly summary: FindingSummary;
  readonly flawed: Weakness['flawed'];
  /** Keys of what runs it. */
  readonly on: readonly string[];
}

interface Effect {
  readonly gives: readonly Weakness['gives'][];
  readonly words: string;
  /** That one which was tried is one, where it is another likelihood than that of other flaws; such a flaw nobody reads in code. */
  readonly tried?: number;
}

/** What flaws of a kind give to whoever reaches the code (attack-paths §4.3, C3, C6, C7). */
const EFFECTS: Readonly<Record<string, Effect>> = {
  'CWE-77': { gives: ['exec'], words: 'command injection' },
  'CWE-78': { gives: ['exec'], words: 'command injection' },
  'CWE-94': { gives: ['exec'], words: 'code injection' },
  'CWE-95': { gives: ['exec'], words: 'code injection' },
  'CWE-502': { gives: ['exec'], words: 'unsafe deserialisation' },
  'CWE-434': { gives: ['exec'], words: 'upload of files that are run' },
  'CWE-917': { gives: ['exec'], words: 'expression injection' },
  'CWE-1336': { gives: ['exec'], words: 'template injection' },
  'CWE-89': { gives: ['query'], words: 'SQL injection' },
  'CWE-564': { gives: ['query'], words: 'SQL injection' },
  'CWE-943': { gives: ['query'], words: 'injection into queries' },
  // Of software that runs what its users say.
  'CWE-1392': { gives: ['exec'], words: 'a default password', tried: 0.9 },
  'CWE-918': { gives: ['ssrf'], words: 'forged requests from the server' },
  'CWE-22': { gives: ['files'], words: 'path traversal' },
  'CWE-73': { gives: ['files'], words: 'file names that users choose' },
  'CWE-98': { gives: ['files'], words: 'inclusion of files that users choose' },
  'CWE-611': { gives: ['files', 'ssrf'], words: 'external entities in XML' },
  'CWE-287': { gives: ['records'], words: 'a login that can be passed by' },
  'CWE-306': { gives: ['records'], words: 'a missing login' },
  'CWE-862': { gives: ['records'], words: 'missing authorisation' },
  'CWE-863': { gives: ['records'], words: 'incorrect authorisation' },
};

/** That a flaw which a scanner read in the code, and nobody tried from outside, is one (attack-paths §4.4). */
const READ = 0.25;
/** That one which was tried is one. */
const TRIED = 0.8;

/** The worst two words of a scanner: what it calls less is no way in. */
const GRAVE = new Set(['critical', 'high']);

const DOES_NOT_APPLY: RiskVerdict = {
  state: 'no',
  evidence: [
    { sentence: 'Does not apply: the flaw is in code of your own.', provenance: 'attack path', at: null },
  ],
  missing: [],
};

/** The flaws that a finding about one's own code is; none where it gives nobody anything that a path goes on from. */
export function codeWeaknessesOf(finding: CodeFinding): readonly Weakness[] {
  const { cwe, summary } = finding;
  const effect = cwe !== null && Object.hasOwn(EFFECTS, cwe) ? EFFECTS[cwe] : undefined;
  if (effect === undefined || (effect.tried !== undefined && finding.isTried !== true)) return [];
  if (summary.about === 'other' || !GRAVE.has(summary.severity ?? '')) return [];
  return effect.gives.map((gives) => ({
    gives,
    isOwnCode: true,
    fingerprint: finding.fingerprint,
    issueId: finding.issueId,
    name: `${effect.words} (${cwe})`,
    flawed: finding.flawed,
    on: finding.on,
    probability: finding.isTried === true ? (effect.tried ?? TRIED) : READ,
    why: finding.isTried === true ? 'a scanner tried it' : 'a scanner read it in the code',
    exploit: DOES_NOT_APPLY,
    evidence: [
      {
        sentence: `${summary.title.replace(/\.+$/, '')}.`,
        provenance: summary.sources.join(', '),
        at: summary.publishedAt,
      },
    ],
    assumptions:
      finding.isTried === true ? [] : ['The code that was read is what answers requests from outside.'],
  }));
}

/** Checks of scanners that try what answers, by the weakness that they look for. */
const TRIED_CHECKS: Readonly<Record<string, string>> = CHECKS;

/** The weakness that a check of a scanner looks for which tries what answers; null of one that gives nobody anything. */
export function cweOfTriedCheck(toolCheck: string): string | null {
  return Object.hasOwn(TRIED_CHECKS, toolCheck) ? (TRIED_CHECKS[toolCheck] as string) : null;
}

/** The checks among them that there are, as findings spell them. */
export const TRIED_FLAWS: readonly string[] = Object.keys(CHECKS);

/** The kinds of flaws that give somebody something, as findings name them. */
export const CODE_FLAWS: readonly string[] = Object.keys(EFFECTS);
