import { expect, test } from 'vitest';
import type { AttackPath } from '#contract/attack-path.ts';
import { paintFor } from './paint.ts';
import { presentFixPlan, presentPathMap, presentPaths, presentWhatIf } from './present-paths.ts';

const PLAIN = paintFor({ isColourWanted: false });

const GATE = {
  fix: '0f',
  is: 'finding' as const,
  id: 'f',
  sentence: 'mend CVE-2026-1\u0007 in shop',
  issue: '3k8d',
};
const PATH: AttackPath = {
  id: 'abcd1234',
  shape: 'workload-runs-as-admin',
  title: 'What runs as an administrator has a flaw: shop',
  story: 'Code on it has its role.',
  fixes: [{ fix: '0f', is: 'finding', id: 'f', sentence: 'mend it', issue: null }],
  severity: 'critical',
  why: 'It follows from both.',
  pivot: { id: 'image:shop', kind: 'image', name: 'shop' },
  targetClass: 'account-admin',
  entries: 2,
  targets: 1,
  resources: 3,
  services: 1,
  risks: ['publicly_accessible'],
  entry: 'internet',
  target: 'account 1',
  likelihood: 0.72,
  likelihoodAtMost: 0.85,
  steps: [
    {
      from: 'internet',
      to: 'web',
      gains: 'reach',
      rule: 'public-endpoint',
      sentence: 'web answers on tcp/443',
      gates: [GATE],
      evidence: [
        { sentence: 'A rule opens it.', provenance: 'aws', at: '2026-10-01T00:00:00.000Z', link: null },
        { sentence: 'It\u0007 answers.', provenance: 'nmap', at: null, link: 'https://example.com/\u202e1' },
      ],
      assumptions: ['It is loaded.'],
      technique: { id: 'T1190', name: 'Exploit Public-Facing Application' },
      probability: 0.95,
      otherWays: 2,
    },
  ],
  alternatives: [],
  more: 1,
  alsoFoundBy: [{ id: 'ef56', title: 'Exposed\u0007 VM', sources: ['defender'] }],
};

const CHANGE = {
  id: 'abcd1234',
  shape: 's',
  pivot: 'image:shop',
  targetClass: 'account-admin',
  title: 'A path',
  becomes: 'lower' as const,
  effect: 'reduces' as const,
  continuesAs: null,
  severity: 'critical' as const,
  severityAfter: 'high' as const,
  likelihood: 0.7,
  likelihoodAfter: 0.1,
};
const FIX = {
  id: '0f',
  gate: GATE,
  effort: 3,
  share: 0.5,
  shareSoFar: 0.5,
  atMost: 0.6,
  targetsCut: 1,
  left: 2,
};

test('a path is told step by step, with what closes it', () => {
  expect(presentPaths({ items: [PATH], searchedAt: null, notes: ['1 way is left out.'] }, PLAIN)).toEqual([
    'critical  What runs as an administrator has a flaw: shop',
    'id abcd1234, 2 entries, 1 target',
    'Code on it has its role.',
    "likelihood about 72 %, at most 85 % where its steps have one cause (experts' estimate). It follows from both.",
    '1. web answers on tcp/443.',
    '   A rule opens it. (aws, 2026-10-01)',
    '   It answers. (nmap)',
    '     https://example.com/1',
    '   assumed: It is loaded.',
    '   ATT&CK T1190 Exploit Public-Facing Application',
    '   to close it: mend CVE-2026-1 in shop',
    '   2 other steps would do the same',
    'fix first: mend it',
    'also found by defender: Exposed VM (id ef56)',
    'and 1 more way; --json has some.',
    '',
    '1 way is left out.',
  ]);
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const FREE =
  /^(?:id|title|story|why|name|sentence|provenance|link|account|environment|owner|assignee|sources|notes|assumptions)$/;

/** The same with marks that deceive a terminal in every text that a report or a person wrote. */
function hostile<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (FREE.test(key) ? `${value}\u001b[31m\u202e\u0007` : value) as T;
  if (Array.isArray(value)) return value.map((each) => hostile(each, key)) as T;
  // Techniques are a list of our own.
  if (value === null || typeof value !== 'object' || key === 'technique') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hostile(each, name)])) as T;
}

test('no text of a report deceives a terminal', () => {
  const list = hostile({ items: [PATH], searchedAt: null, notes: ['1 way is left out.'] });
  const node = {
    id: 'web',
    layer: 1,
    kind: 'service-account',
    name: 'web',
    count: 1,
    badges: [],
    issues: [],
    account: '1111',
    environment: 'production',
    data: [],
    findings: {},
    owner: 'shop',
    link: 'https://example.com',
  };
  const map = hostile({
    id: 'abcd1234',
    title: 'A path',
    nodes: [node, { ...node, id: 'role', name: 'role' }],
    edges: [{ from: 'web', to: 'role', rule: 'workload-role', sentence: 'web is role' }],
    hidden: 0,
  });
  // Ids are names of resources too: an edge leads to a node by it.
  const edges = map.edges.map((edge) => ({
    ...edge,
    from: map.nodes[0]?.id ?? '',
    to: map.nodes[1]?.id ?? '',
  }));
  const lost = {
    ...map,
    edges: map.edges.map((edge) => ({ ...edge, from: map.nodes[0]?.id ?? '', to: 'x\u0007' })),
  };
  const fix = { ...FIX, atMost: 1, assignee: 'ada', dueAt: null, paths: [CHANGE] };
  const row = { id: 'a', type: 'attack_path' as const, title: 'A path', severity: 'high' as const };
  const lines = [
    ...presentPaths(hostile({ items: [], searchedAt: null, notes: ['1 way is left out.'] }), PLAIN),
    ...presentFixPlan(hostile({ items: [fix], share: 0.5, atLeast: 2, notes: ['told'] }), PLAIN),
    ...presentWhatIf(
      hostile({
        gates: [GATE],
        paths: [CHANGE],
        issues: [],
        inbox: [{ ...row, place: 1, placeBefore: 2, affected: false }],
        notes: ['told'],
      }),
      PLAIN,
    ),
    ...presentPaths(list, PLAIN),
    ...presentPathMap({ ...map, edges }, PLAIN),
    ...presentPathMap(lost, PLAIN),
  ];
  expect(lines.filter((line) => DECEIVING.test(line))).toEqual([]);
  expect(lines.filter((line) => /^ {3}> /.test(line))).toHaveLength(2);
});

test('nothing found is told from nothing looked for', () => {
  const none = (searchedAt: string | null) => presentPaths({ items: [], searchedAt, notes: [] }, PLAIN);
  expect(none(null)).toEqual(['No attack paths were looked for yet: import an inventory and findings.']);
  expect(none('2026-10-01T00:00:00.000Z')[0]).toMatch(/^No attack path: /);
});

test('a plan and a trial name what goes, and where that leaves the inbox', () => {
  expect(
    presentFixPlan(
      {
        items: [
          { ...FIX, assignee: 'ada\u0007', dueAt: '2026-12-01T00:00:00.000Z', paths: [CHANGE] },
          { ...FIX, assignee: null, dueAt: null, paths: [] },
          { ...FIX, atMost: 1, share: 0, assignee: null, dueAt: null, paths: [] },
        ],
        share: 0.5,
        atLeast: 2,
        notes: ['1 way is left out.'],
      },
      PLAIN,
    ),
  ).toEqual([
    '1. mend CVE-2026-1 in shop',
    '   takes 50 % of all risk, 50 % so far; no single fix could take more than 60 %',
    '   something to mend',
    '   2 paths left; 1 target out of reach',
    '   reduces: A path (critical -> high)',
    '   assigned to ada, due 2026-12-01',
    '   fix 0f',
    '2. mend CVE-2026-1 in shop',
    '   takes 50 % of all risk, 50 % so far; no 2 fixes could take more than 60 %',
    '   something to mend',
    '   2 paths left; 1 target out of reach',
    '   fix 0f',
    '3. mend CVE-2026-1 in shop',
    '   takes risk with the next one only, 50 % so far',
    '   something to mend',
    '   2 paths left; 1 target out of reach',
    '   fix 0f',
    '',
    '3 fixes take 50 % of all risk; no plan that closes every path has fewer than 2.',
    '1 way is left out.',
  ]);
  const same = { ...CHANGE, becomes: 'the same' as const, effect: 'no change' as const };
  const row = { id: 'a', type: 'attack_path' as const, title: 'A path', severity: 'high' as const };
  expect(
    presentWhatIf(
      {
        gates: [GATE],
        paths: [CHANGE, same, same],
        issues: [
          { ...row, effect: 'reduces', severity: 'critical', severityAfter: 'high', place: 1, placeAfter: 2 },
          { ...row, effect: 'resolves', severityAfter: null, place: 4, placeAfter: null },
          { ...row, effect: 'resolves', severityAfter: null, place: null, placeAfter: null },
        ],
        inbox: [
          { ...row, place: 1, placeBefore: 2, affected: false },
          { ...row, place: 2, placeBefore: null, affected: true },
          { ...row, place: 3, placeBefore: 3, affected: false },
        ],
        notes: [],
      },
      PLAIN,
    ),
  ).toEqual([
    'Fixes tried',
    '  mend CVE-2026-1 in shop',
    '',
    'Attack paths',
    '  lower        reduces: A path (critical -> high)',
    '  2 paths as before',
    '',
    'Issues',
    '  reduces: A path (critical -> high), place 1 -> 2',
    '  resolves: A path, now place 4',
    '  resolves: A path',
    '',
    'The inbox then',
    '   1. high     A path (now 2)',
    '   2. high     A path (new)',
    '   3. high     A path',
  ]);
});

test('a trial that changes no path says so once', () => {
  const path = {
    ...CHANGE,
    becomes: 'the same' as const,
    effect: 'no change' as const,
    severity: 'high' as const,
    likelihoodAfter: 0.7,
  };
  const lines = presentWhatIf({ gates: [GATE], paths: [path], issues: [], inbox: [], notes: [] }, PLAIN);
  expect(lines.slice(3, 5)).toEqual(['Attack paths', '  nothing changes: 1 path as before']);
});

test('a map is told column by column', () => {
  const node = {
    kind: 'workload',
    count: 1,
    badges: [],
    issues: [],
    account: null,
    environment: null,
    data: [],
    findings: {},
    owner: null,
    link: null,
  };
  expect(
    presentPathMap(
      {
        id: 'abcd1234',
        title: 'A path',
        nodes: [
          { ...node, id: 'internet', layer: 0, kind: 'origin', name: 'any internet address' },
          {
            ...node,
            id: 'web',
            layer: 1,
            kind: 'service-account',
            name: 'web\u001b[31m',
            badges: ['in_production'],
            issues: ['x'],
            count: 9,
            account: '1111\u0007',
            environment: 'production',
            data: ['pii', 'credentials'],
            findings: { low: 2, critical: 1 },
            owner: 'shop',
            link: 'https://console.aws.amazon.com/go/view?arn=web',
          },
        ],
        edges: [{ from: 'internet', to: 'web', rule: 'public-endpoint', sentence: 'web answers' }],
        hidden: 2,
      },
      PLAIN,
    ),
  ).toEqual([
    'A path',
    '0  any internet address (origin)',
    expect.stringMatching(/^ {3}> web.*: web answers$/),
    expect.stringMatching(
      /^1 {2}web.* \(service account, 9 alike, in 1111, production, in production, holds personal data and credentials, owner shop, 1 issue\)$/,
    ),
    '     findings: 1 critical, 2 low',
    '     https://console.aws.amazon.com/go/view?arn=web',
    '2 more things not drawn.',
  ]);
});
