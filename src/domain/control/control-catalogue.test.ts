import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOfParts } from '#base/digest.ts';
import {
  CATALOGUE_VERSION,
  CATALOGUED_TOOLS,
  type CataloguedTool,
  CONTROLS,
  type Control,
  controlById,
} from './control-catalogue.ts';
import { controlForCheck } from './control-for-check.ts';
import { toolCheck } from './tool-check.ts';

const linesOf = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, 'samples', name), 'utf8')
    .trim()
    .split('\n');

const checksOf = ({ checks }: Control): readonly (readonly [CataloguedTool, string])[] =>
  CATALOGUED_TOOLS.flatMap((tool) => (checks[tool] ?? []).map((check) => [tool, check] as const));

test('there are 110 misconfigurations and 57 identity risks, each id once', () => {
  const types = CONTROLS.map(({ type }) => type);
  expect(types.filter((type) => type === 'misconfiguration')).toHaveLength(110);
  expect(types.filter((type) => type === 'identity_risk')).toHaveLength(57);
  expect(types).toHaveLength(167);
  expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(167);
});

test('likelihood and impact come to the recorded severity of every control, in the catalogue’s order', () => {
  const [, ...recorded] = linesOf('recorded-severities.tsv');
  expect(CONTROLS.map(({ id, severity }) => `${id}\t${severity}`)).toEqual(recorded);
});

test('a catalogue that says anything else has another version', () => {
  const digest = digestOfParts([JSON.stringify(CONTROLS)]).slice(0, 16);
  expect([CATALOGUE_VERSION, digest], 'Give the catalogue a new version, and note its digest here').toEqual([
    '2026.11.2',
    'd1d026f8ce432c9a',
  ]);
});

describe('the checks', () => {
  test('are written in their one spelling', () => {
    const misspelled = CONTROLS.flatMap(checksOf).filter(
      ([tool, check]) => toolCheck(tool, check) !== `${tool}:${check}`,
    );
    expect(misspelled).toEqual([]);
  });

  test('are of the tools that the catalogue knows, and every control has one', () => {
    const known: readonly string[] = CATALOGUED_TOOLS;
    expect(
      CONTROLS.flatMap(({ checks }) => Object.keys(checks)).filter((tool) => !known.includes(tool)),
    ).toEqual([]);
    expect(CONTROLS.filter((control) => checksOf(control).length === 0)).toEqual([]);
  });

  // Controls of Security Hub outside its foundational standard: of the CIS and PCI standards, or newer.
  const BESIDE_FSBP = ['EC2.53', 'EC2.170', 'EC2.172', 'ECS.16', 'IAM.27', 'Redshift.15', 'SQS.3'];

  test.each<[CataloguedTool, string, readonly string[]]>([
    ['prowler', 'prowler.txt', []],
    ['securityhub', 'security-hub-fsbp.txt', BESIDE_FSBP],
    ['checkov', 'checkov.txt', []],
    ['trivy', 'trivy.txt', []],
    ['kubescape', 'kubescape.txt', []],
  ])('of %s exist in %s', (tool, list, beside) => {
    const known = new Set(linesOf(list));
    const mapped = CONTROLS.flatMap(({ checks }) => checks[tool] ?? []);
    expect([...new Set(mapped.filter((check) => !known.has(check)))].sort()).toEqual([...beside].sort());
  });

  test('of all other tools stand, each once, in the list of those that were looked up', () => {
    const [, ...listed] = linesOf('other-tools.tsv').map((line) => line.split('\t').slice(0, 2).join(' '));
    const besides = new Set<string>(['prowler', 'securityhub', 'checkov', 'trivy', 'kubescape']);
    const mapped = CONTROLS.flatMap(checksOf).flatMap(([tool, check]) =>
      besides.has(tool) ? [] : [`${tool} ${check}`],
    );
    expect(listed.toSorted()).toEqual([...new Set(mapped)].toSorted());
  });

  test('each lead to the control that lists it first; those of several are told apart by fields of the record', () => {
    const owners = new Map<string, Control[]>();
    for (const control of CONTROLS)
      for (const [tool, check] of checksOf(control))
        owners.set(`${tool}:${check}`, [...(owners.get(`${tool}:${check}`) ?? []), control]);
    for (const [key, [first]] of owners) {
      const [tool = '', check = ''] = key.split(':');
      expect(controlForCheck(tool, check)?.id).toBe(first?.id);
    }
    const shared = [...owners].filter(([, controls]) => controls.length > 1);
    // The first may be what counts where the record says nothing; a second one that nothing tells apart is never meant.
    expect(
      shared.filter(([, [, ...others]]) => others.some(({ decidedBy }) => decidedBy === undefined)),
    ).toEqual([]);
    expect(shared.map(([key]) => key)).toEqual([
      'trivy:AWS-0107',
      'securityhub:EC2.53',
      'securityhub:EC2.19',
      'checkov:CKV_AWS_79',
      'prowler:kms_key_not_publicly_accessible',
      'securityhub:IAM.1',
      'checkov:CKV_AWS_62',
      'trivy:AWS-0057',
      'checkov:CKV_AWS_274',
    ]);
  });

  test('that say a risk are checks of the same control', () => {
    for (const control of CONTROLS)
      for (const { risk, checks } of control.implies ?? []) {
        expect(['publicly_accessible', 'privileged_access']).toContain(risk);
        const own = checksOf(control).map(([tool, check]) => `${tool}:${check}`);
        expect((checks ?? []).filter((check) => !own.includes(check))).toEqual([]);
      }
  });
});

describe('admission by default', () => {
  const byCriterion = Map.groupBy(CONTROLS, ({ inboxBecause }) => inboxBecause);
  const count = (criterion: Control['inboxBecause']) => byCriterion.get(criterion)?.length ?? 0;

  test('takes 69 controls in, each by its criterion', () => {
    expect(CONTROLS.filter(({ inbox }) => inbox)).toHaveLength(69);
    expect([count('anyone_outside'), count('open_service'), count('full_control'), count(null)]).toEqual([
      47, 16, 6, 98,
    ]);
  });

  const isAnyoneOutside = ({ likelihood: { vector, accessibility }, impact }: Control): boolean =>
    vector === 'no_authorization' && accessibility === 'public' && impact !== 'low';

  test('anyone outside: all that needs nothing, is public and harms at least its component, and nothing else', () => {
    expect(CONTROLS.filter(isAnyoneOutside)).toEqual(byCriterion.get('anyone_outside'));
  });

  test('an open service: public, guarded by a login or a patch only, on a port that people administer or query by', () => {
    for (const { likelihood, impact, type, requirements } of byCriterion.get('open_service') ?? []) {
      expect(likelihood).toEqual({ vector: 'vulnerability', accessibility: 'public' });
      expect(impact).not.toBe('low');
      expect(type).toBe('misconfiguration');
      expect(requirements).toContainEqual({ framework: 'NIST 800-53 r5', id: 'SC-7' });
    }
  });

  test('full control: of everything in the account or cluster, without rights of one’s own', () => {
    for (const { likelihood, impact } of byCriterion.get('full_control') ?? []) {
      expect(impact).toBe('critical');
      expect(likelihood.vector).not.toBe('required_privileges');
    }
  });

  test('never what is less than high', () => {
    const admitted = CONTROLS.filter(({ inbox }) => inbox);
    expect(admitted.filter(({ severity }) => severity !== 'critical' && severity !== 'high')).toEqual([]);
  });
});

describe('what people read', () => {
  test.each<[string, (control: Control) => string]>([
    ['title', ({ title }) => title],
    ['reason', ({ why }) => why],
    ['remediation', ({ remediation }) => remediation.text],
  ])('every %s is there, and no copy of another', (_, textOf) => {
    const texts = CONTROLS.map(textOf);
    expect(texts.filter((text) => text.trim() === '' || text.trim() !== text)).toEqual([]);
    expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
  });

  test('reasons and remediations are sentences, and few', () => {
    const texts = CONTROLS.flatMap(({ why, remediation }) => [why, remediation.text]);
    expect(texts.filter((text) => !/^["A-Za-z].{19,}\.$/.test(text) || text.length > 320)).toEqual([]);
  });

  test('commands are one line', () => {
    const commands = CONTROLS.flatMap(({ remediation }) => remediation.command ?? []);
    expect(commands.length).toBeGreaterThan(160);
    expect(commands.filter((command) => /[\n\t]/.test(command) || command.trim() === '')).toEqual([]);
  });

  const REQUIREMENTS: Readonly<Record<string, RegExp>> = {
    'CIS AWS 1.5.0': /^\d\.\d{1,2}$/,
    'CIS AWS 3.0.0': /^\d\.\d{1,2}(\.\d)?$/,
    'CIS Azure 2.0.0': /^\d\.\d{1,2}(\.\d)?$/,
    'CIS EKS 1.4.0': /^\d\.\d\.\d$/,
    'CIS GCP 2.0.0': /^\d\.\d{1,2}$/,
    'CIS Kubernetes 1.8.0': /^\d\.\d\.\d{1,2}$/,
    'ISO 27001:2022': /^A\.[5-8]\.\d{1,2}$/,
    'NIST 800-53 r5': /^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/,
    'PCI DSS 4.0': /^\d{1,2}\.\d\.\d$/,
    'SOC 2': /^CC[1-9]\.\d$/,
  };

  test('requirements are of known frameworks, in their own notation, and each once', () => {
    for (const { id, requirements } of CONTROLS) {
      expect(requirements.length, id).toBeGreaterThan(0);
      for (const { framework, id: requirement } of requirements)
        expect(requirement, `${id}: ${framework}`).toMatch(REQUIREMENTS[framework] ?? /^$/);
      const texts = requirements.map((each) => JSON.stringify(each));
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  test('requirements each stand in the list of what was compared with a source, and the list has no others', () => {
    const [, ...compared] = linesOf('requirements.tsv').map((line) => line.split('\t'));
    expect(compared.filter((columns) => columns.length !== 4 || columns.includes(''))).toEqual([]);
    const cited = CONTROLS.flatMap(({ requirements }) =>
      requirements.map(({ framework, id }) => `${framework} ${id}`),
    );
    expect(compared.map(([framework, id]) => `${framework} ${id}`).toSorted()).toEqual(
      [...new Set(cited)].toSorted(),
    );
  });

  // Of Prowler's reports: which requirements its checks are about, in its own words. No edition renumbered the first section of the benchmark of AWS since.
  const [, ...ofProwler] = linesOf('prowler-requirements.tsv').map((line) => line.split('\t'));
  test.each(
    ofProwler.flatMap(([framework = '', id = '', check = '']) => {
      if (!framework.startsWith('CIS AWS')) return [[framework, id, check] as const];
      return id.startsWith('1.') ? [['CIS AWS 3.0.0', id, check] as const] : [];
    }),
  )('Prowler agrees about %s %s: %s', (framework, id, check) => {
    expect(controlForCheck('prowler', check)?.requirements).toContainEqual({ framework, id });
  });

  // What two independent sources agree on: the benchmark's own numbering, and maps of it that others publish.
  test.each([
    ['id.root.access-key', 'CIS AWS 3.0.0', '1.4'],
    ['id.key.stale', 'CIS AWS 3.0.0', '1.14'],
    ['ec2.imdsv1', 'CIS AWS 3.0.0', '5.6'],
    ['logs.trail-missing', 'CIS AWS 3.0.0', '3.1'],
    ['k8s.anonymous-api', 'CIS Kubernetes 1.8.0', '1.2.1'],
    ['gcp.fw.ssh-rdp', 'CIS GCP 2.0.0', '3.7'],
    ['gcp.kms-secret.public', 'CIS GCP 2.0.0', '1.9'],
    ['id.gcp.sa-keys', 'CIS GCP 2.0.0', '1.4'],
    ['id.gcp.sa-keys', 'CIS GCP 2.0.0', '1.7'],
    ['id.gcp.sa-admin', 'CIS GCP 2.0.0', '1.5'],
    ['id.gcp.sa-impersonate', 'CIS GCP 2.0.0', '1.6'],
    ['id.gcp.sa-impersonate', 'CIS GCP 2.0.0', '1.8'],
    ['id.az.priv-no-mfa', 'CIS Azure 2.0.0', '1.1.2'],
    ['id.az.app-consent', 'CIS Azure 2.0.0', '1.11'],
    ['az.sql.any-ip', 'CIS Azure 2.0.0', '4.1.2'],
    ['az.cosmos.public', 'CIS Azure 2.0.0', '4.5.1'],
    ['gcp.bucket.public', 'CIS GCP 2.0.0', '5.1'],
    ['az.storage.blob-public', 'CIS Azure 2.0.0', '3.7'],
  ])('%s serves %s %s', (id, framework, requirement) => {
    expect(controlById(id)?.requirements).toContainEqual({ framework, id: requirement });
  });
});

test('a control by its id', () => {
  expect(controlById('s3.public-read')).toMatchObject({
    title: 'Bucket readable by everyone',
    provider: 'aws',
    resources: ['bucket'],
    severity: 'critical',
    inboxBecause: 'anyone_outside',
  });
  expect(controlById('__proto__')).toBeNull();
});
