import { expect, test } from 'vitest';
import { administratorOf } from '#domain/attackpath/administrator.ts';
import { INTERNET, principal, step, workload } from '#domain/attackpath/attack-path.test-sample.ts';
import { blastRadius } from '#domain/attackpath/blast-radius.ts';
import { contextMap } from '#domain/attackpath/context-map.ts';
import { derivePaths } from '#domain/attackpath/derive-paths.ts';
import { planFixes } from '#domain/attackpath/fix-plan.ts';
import { findingGate } from '#domain/attackpath/gate.ts';
import type { PathFacts } from '#domain/attackpath/path-facts.ts';
import { waysTo } from '#domain/attackpath/ways-to.ts';
import { whatIf } from '#domain/attackpath/what-if.ts';
import {
  attackPathSchema,
  blastRadiusSchema,
  fixPlanSchema,
  pathMapSchema,
  waysToSchema,
} from '../attack-path.ts';
import {
  presentAttackPath,
  presentBlastRadius,
  presentFixes,
  presentFixPlan,
  presentPathList,
  presentPathMap,
  presentWaysTo,
  presentWhatIf,
} from './present-attack-path.ts';

const ESTATE = 'aws:111111111111';
const FACTS: PathFacts = {
  assets: new Map(),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account 1' }]]),
  steps: [
    step('public-endpoint', INTERNET, workload('reach')),
    step('network-exploit', workload('reach'), workload('exec'), { probability: 0.7 }),
    step('workload-role', workload('exec'), principal('role')),
    step('administrator', principal('role'), administratorOf(ESTATE)),
    step('iam-escalation', principal('role'), administratorOf(ESTATE), { gate: 'method', probability: 0.3 }),
  ],
};
const [PATH] = derivePaths(FACTS).paths;

test('a way has its likelihood, and how much it is at most where its steps have one cause', () => {
  const told = presentAttackPath({ issueId: 'i', path: PATH!, alsoFoundBy: [] });
  expect(told.likelihoodAtMost).toBe(0.7);
  expect(told.likelihood).toBeCloseTo(0.95 ** 3 * 0.7, 1);
  expect(told.likelihood).toBeLessThan(0.7);
});

test('a path whose place another takes has the severity and the likelihood of that one', () => {
  const [gone, instead] = presentWhatIf({
    gates: [],
    paths: whatIf(FACTS, [`role ${administratorOf(ESTATE).asset}`]),
    issues: [],
    inbox: [],
    notes: [],
  }).paths;
  expect(gone).toMatchObject({ becomes: 'gone', effect: 'reduces', continuesAs: instead?.id });
  expect(instead?.becomes).toBe('new');
  expect([gone?.severityAfter, gone?.likelihoodAfter]).toEqual([
    instead?.severityAfter,
    instead?.likelihoodAfter,
  ]);
  expect(gone?.severityAfter).not.toBeNull();
});

const SEEN = Date.UTC(2026, 9, 1);
const TOLD = step('network-exploit', workload('reach'), workload('exec'), {
  probability: 0.7,
  sentence: 'web has CVE-2026-1',
  evidence: [
    { sentence: 'It is in KEV.', provenance: 'kev', at: SEEN, link: 'https://kev.example.com/1' },
    { sentence: 'A scanner saw it.', provenance: 'trivy', at: null },
  ],
  assumptions: ['It is loaded.'],
  technique: 'T1190',
  gates: [findingGate('fingerprint', 'issue-1', 'mend CVE-2026-1')],
});
const WHOLE: PathFacts = {
  ...FACTS,
  steps: FACTS.steps.map((each) => (each.rule === 'network-exploit' ? TOLD : each)),
};
const VIEW = { issueId: 'i', path: derivePaths(WHOLE).paths[0]!, alsoFoundBy: [] };

test('a step has its sentence, all of its evidence with source, time and page, what is assumed, its technique and what closes it', () => {
  const told = attackPathSchema.parse(presentAttackPath(VIEW));
  expect(told.steps[1]).toEqual({
    from: 'web',
    to: 'web',
    gains: 'exec',
    rule: 'network-exploit',
    sentence: 'web has CVE-2026-1',
    gates: [
      {
        fix: findingGate('fingerprint', '', '').fix,
        is: 'finding',
        id: 'fingerprint',
        sentence: 'mend CVE-2026-1',
        issue: 'issue-1',
      },
    ],
    evidence: [
      {
        sentence: 'It is in KEV.',
        provenance: 'kev',
        at: '2026-10-01T00:00:00.000Z',
        link: 'https://kev.example.com/1',
      },
      { sentence: 'A scanner saw it.', provenance: 'trivy', at: null, link: null },
    ],
    assumptions: ['It is loaded.'],
    technique: { id: 'T1190', name: 'Exploit Public-Facing Application' },
    probability: 0.7,
    otherWays: 0,
  });
  expect(told.steps.at(-1)?.otherWays).toBe(1);
});

test('a path has who else found it, its risks, and what closes it best', () => {
  const also = { issueId: 'j', title: 'Theirs', sources: ['defender'] };
  const list = presentPathList({
    paths: [{ ...VIEW, alsoFoundBy: [also] }],
    searchedAt: SEEN,
    notes: ['1 way is left out.'],
  });
  expect(list).toMatchObject({
    searchedAt: '2026-10-01T00:00:00.000Z',
    notes: ['1 way is left out.'],
    items: [
      {
        id: 'i',
        entry: 'internet',
        target: 'account 1',
        targets: 1,
        entries: 1,
        alsoFoundBy: [{ id: 'j', title: 'Theirs', sources: ['defender'] }],
        risks: ['publicly_accessible', 'privileged_access', 'in_production'],
        fixes: expect.arrayContaining([
          expect.objectContaining({ sentence: 'mend CVE-2026-1', issue: 'issue-1' }),
        ]),
      },
    ],
  });
});

test('a map has whatever the map of the domain has', () => {
  const map = { ...contextMap(VIEW.path.paths, WHOLE, new Map([['web', { high: 2 }]])), hidden: 3 };
  const told = pathMapSchema.parse(presentPathMap({ ...VIEW, map }));
  expect(told).toEqual({ id: 'i', title: VIEW.path.title, nodes: map.nodes, edges: map.edges, hidden: 3 });
  expect(told.nodes.find(({ id }) => id === 'web')).toMatchObject({
    issues: ['issue-1'],
    findings: { high: 2 },
  });
});

test('a plan tells of each fix whose it is until when, and what it does to each path', () => {
  const { fixes, ...plan } = planFixes(WHOLE);
  const assigned = {
    id: fixes[0]!.id,
    gate: fixes[0]!.gate,
    assignee: 'ada',
    dueAt: SEEN,
    actor: 'bob',
    at: SEEN,
  };
  const told = fixPlanSchema.parse(
    presentFixPlan({
      ...plan,
      fixes: fixes.map((fix, at) => ({ ...fix, assigned: at === 0 ? assigned : null })),
      notes: [],
    }),
  );
  expect(told).toMatchObject({
    share: 1,
    atLeast: 1,
    items: [
      {
        id: assigned.id,
        gate: { id: assigned.gate.id },
        assignee: 'ada',
        dueAt: '2026-10-01T00:00:00.000Z',
        share: 1,
        left: 0,
        paths: [
          {
            becomes: 'gone',
            effect: 'resolves',
            severity: VIEW.path.severity,
            severityAfter: null,
            likelihood: VIEW.path.likelihood,
            likelihoodAfter: null,
          },
        ],
      },
    ],
  });
  expect(presentFixes([{ ...assigned, isOpen: true }]).items).toMatchObject([
    {
      id: assigned.id,
      assignee: 'ada',
      dueAt: '2026-10-01T00:00:00.000Z',
      open: true,
      decidedBy: 'bob',
      decidedAt: '2026-10-01T00:00:00.000Z',
    },
  ]);
});

test('what is within reach, and who gets to something, are told with the steps of each way', () => {
  const radius = blastRadius(WHOLE, [workload('reach')]);
  const told = blastRadiusSchema.parse(
    presentBlastRadius({ taken: [{ key: 'web', name: 'web' }], radius, notes: ['Some is left out.'] }),
  );
  expect(told).toMatchObject({
    taken: [{ id: 'web', name: 'web' }],
    sentence: 'administers 1 account',
    notes: ['Some is left out.'],
    byAccount: [{ name: ESTATE, targets: 1 }],
    targets: [{ id: administratorOf(ESTATE).asset, account: ESTATE, environment: 'production' }],
  });
  expect(told.targets[0]?.steps[0]?.sentence).toBe('web has CVE-2026-1');
  const found = waysTo(WHOLE, 'role');
  const ways = waysToSchema.parse(
    presentWaysTo({ resource: { key: 'role', name: 'role' }, found: { ...found, more: 2 }, notes: ['a'] }),
  );
  expect(ways).toMatchObject({
    resource: { id: 'role', name: 'role' },
    more: 2,
    notes: ['a'],
    ways: [{ through: 'web', gains: 'use', entry: 'internet' }],
  });
  expect(ways.ways[0]?.steps).toHaveLength(3);
});
