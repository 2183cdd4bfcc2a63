import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ExportedFinding } from '#domain/ports/export-store.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { ocsfFinding } from './write-ocsf.ts';

interface Attribute {
  readonly type: string;
  readonly list?: true;
  readonly required?: true;
  readonly values?: readonly string[];
}
type Attributes = Readonly<Record<string, Attribute>>;

const SCHEMA = JSON.parse(readFileSync(new URL('./samples/ocsf-findings.json', import.meta.url), 'utf8')) as {
  readonly classes: Readonly<Record<string, Attributes>>;
  readonly objects: Readonly<Record<string, Attributes>>;
  readonly constraints: Readonly<Record<string, { readonly just_one: readonly string[] }>>;
};

const WHOLE = /^(?:integer|long|timestamp|port)_t$/;

/** What of an event is not as the schema has it. */
function faultsOf(event: object): readonly string[] {
  const { class_uid } = event as { class_uid: number };
  return faultsIn(event, SCHEMA.classes[class_uid] ?? {}, '');
}

function faultsIn(value: object, attributes: Attributes, at: string): readonly string[] {
  const missing = Object.entries(attributes).flatMap(([name, { required }]) =>
    required === true && !Object.hasOwn(value, name) ? [`${at}${name} is missing`] : [],
  );
  const wrong = Object.entries(value).flatMap(([name, each]) => {
    const attribute = attributes[name];
    if (attribute === undefined) return [`${at}${name} is not known`];
    if (attribute.list !== true) return faultsAt(each, attribute, `${at}${name}`);
    if (!Array.isArray(each)) return [`${at}${name} is no list`];
    return each.flatMap((one) => faultsAt(one, attribute, `${at}${name}[]`));
  });
  return [...missing, ...wrong];
}

function faultsAt(value: unknown, { type, values }: Attribute, at: string): readonly string[] {
  // A member of one's own.
  if (type === 'object') return typeof value === 'object' ? [] : [`${at} is no object`];
  if (WHOLE.test(type)) {
    if (!Number.isSafeInteger(value)) return [`${at} is no whole number`];
    return values === undefined || values.includes(String(value)) ? [] : [`${at} is ${value}`];
  }
  if (type === 'boolean_t') return typeof value === 'boolean' ? [] : [`${at} is no boolean`];
  if (type.endsWith('_t')) return typeof value === 'string' ? [] : [`${at} is no text`];
  const attributes = SCHEMA.objects[type];
  if (attributes === undefined) return [`${at} is of ${type}, of which the sample tells nothing`];
  const one = SCHEMA.constraints[type]?.just_one ?? [];
  const given = one.filter((name) => Object.hasOwn(value as object, name));
  return [
    ...faultsIn(value as object, attributes, `${at}.`),
    ...(one.length > 0 && given.length !== 1 ? [`${at} has ${given.length} of ${one.join(', ')}`] : []),
  ];
}

const FINDING: ExportedFinding = {
  fingerprint: 'f0',
  issueId: 'i0',
  title: 'A finding',
  advisory: null,
  control: null,
  toolCheck: null,
  resource: { key: 'image:shop', kind: 'image', name: 'shop' },
  place: '',
  locations: [],
  fix: null,
  firstSeen: Date.UTC(2026, 9, 1),
  mute: null,
};

const ISSUE: IssueRow = {
  id: 'i0',
  key: 'key',
  title: 'An issue',
  type: 'misconfiguration',
  severity: 'high',
  score: 8,
  riskStates: {
    publicly_accessible: 'yes',
    privileged_access: 'no',
    under_attack: 'unknown',
    exploit_available: 'no',
    in_production: 'yes',
  },
  riskCount: 2,
  resources: 1,
  services: 0,
  impact: 1,
  isAdmitted: true,
  admittedBy: [],
  status: 'open',
  isMuted: false,
  snoozedUntil: null,
  firstSeen: Date.UTC(2026, 9, 1),
  regressedAt: null,
  dueAt: null,
  assignee: null,
  team: null,
  attackPaths: 0,
  tickets: [],
  rank: 0n,
};

const ABOUT = { now: Date.UTC(2026, 10, 1), version: '1.0.0' };

const CVE = {
  ...FINDING,
  advisory: 'CVE-2026-1',
  place: 'deb/openssl',
  locations: [{ version: '3.0' }],
  fix: 'Update it.',
};

test.each<[string, number, ExportedFinding, Partial<IssueRow>]>([
  ['a CVE with a package and a fix', 2002, CVE, { type: 'infrastructure_vulnerability' }],
  ['a CVE of which no package is known', 2002, { ...CVE, place: '', fix: null }, {}],
  ['another advisory', 2002, { ...CVE, advisory: 'GHSA-aaaa-bbbb-cccc' }, {}],
  ['a check that failed', 2003, { ...FINDING, control: 's3.public', fix: 'Close it.' }, {}],
  ['a check of a tool', 2003, { ...FINDING, toolCheck: 'trivy:DS-0002' }, { type: 'iac_misconfiguration' }],
  ['a secret', 2004, FINDING, { type: 'secret' }],
  ['an attack path', 2004, FINDING, { type: 'attack_path', severity: 'critical' }],
])('%s is an event of OCSF, of class %i', (_what, uid, finding, more) => {
  for (const severity of ['critical', 'high', 'medium', 'low', 'info'] as const)
    for (const status of ['open', 'in_progress', 'snoozed', 'resolved'] as const)
      for (const isMuted of [true, false]) {
        const event = ocsfFinding(finding, { ...ISSUE, severity, status, isMuted, ...more }, ABOUT) as {
          class_uid: number;
        };
        expect(event.class_uid).toBe(uid);
        expect(faultsOf(event)).toEqual([]);
      }
});

test.each<[string, object]>([
  ['class_uid is not known', { class_uid: 2999 }],
  ['severity_id is 9', { class_uid: 2002, severity_id: 9 }],
  ['vulnerabilities is missing', { class_uid: 2002 }],
  ['vulnerabilities[] has 0 of advisory, cve, cwe', { class_uid: 2002, vulnerabilities: [{ title: 'x' }] }],
  ['colour is not known', { class_uid: 2003, colour: {} }],
  ['message is no text', { class_uid: 2003, message: 7 }],
])('what is not so is told: %s', (fault, event) => {
  expect(faultsOf(event)).toContain(fault);
});
