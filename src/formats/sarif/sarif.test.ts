import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { placeText } from '#domain/finding/place-text.ts';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import { sarif } from './sarif.ts';

const CONTEXT: ReadContext = { root: null, account: null, region: null, cluster: null };

async function readAll(text: string | Buffer, context = CONTEXT): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  const open = async function* () {
    yield Buffer.from(text);
  };
  for await (const item of sarif.read({ name: 'report.sarif', open }, context)) items.push(item);
  return items;
}

function report(run: Record<string, JsonValue>): string {
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Tool' } }, ...run }] });
}

async function readOne(
  result: Record<string, JsonValue>,
  run: Record<string, JsonValue> = {},
): Promise<FindingObservation | undefined> {
  const items = await readAll(
    report({
      ...run,
      results: [
        {
          ruleId: 'r',
          message: { text: 'm' },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'a.c' } } }],
          ...result,
        },
      ],
    }),
  );
  const record = items[1];
  return record?.kind === 'record' ? (record.observations[0] as FindingObservation | undefined) : undefined;
}

async function scanOf(run: Record<string, JsonValue>) {
  const [item] = await readAll(report({ results: [], ...run }));
  return item?.kind === 'scan' ? item.scan : undefined;
}

function findingsIn(items: readonly ReportItem[]): readonly FindingObservation[] {
  return items.flatMap((item) =>
    item.kind === 'record' ? (item.observations as readonly FindingObservation[]) : [],
  );
}

test.each([
  [{ suppressions: [{ kind: 'inSource', justification: 'Known.' }] }, { is: 'suppressed', reason: 'Known.' }],
  [{ suppressions: [{ kind: 'inSource' }] }, { is: 'suppressed', reason: 'Suppressed in the source.' }],
  [
    { suppressions: [{ kind: 'external' }] },
    { is: 'suppressed', reason: 'Suppressed outside of the source.' },
  ],
  [{ suppressions: [{ kind: 'external', status: 'rejected' }] }, { is: 'open' }],
  [{ suppressions: [{ kind: 'external' }, { kind: 'external', status: 'underReview' }] }, { is: 'open' }],
  [{ suppressions: [] }, { is: 'open' }],
  [{ suppressions: 'all' }, { is: 'open' }],
  [{ baselineState: 'absent' }, { is: 'ended', passed: false }],
  [{ baselineState: 'unchanged' }, { is: 'open' }],
  [{ kind: 'pass' }, { is: 'ended', passed: true }],
  [{ kind: 'notApplicable' }, { is: 'ended', passed: false }],
  [{ kind: 'fail' }, { is: 'open' }],
])('%j is %j', async (result, state) => {
  expect((await readOne(result))?.state).toMatchObject(state);
});

test.each([
  [{ kind: 'review' }],
  [{ kind: 'open' }],
  [{ kind: 'informational' }],
  [{ kind: 'pass', locations: [] }],
])('%j is counted and is no finding', async (result) => {
  const items = await readAll(report({ results: [{ ruleId: 'r', ...result }] }));
  expect(items[1]).toEqual({ kind: 'record', at: 'runs[0].results[0]', observations: [] });
});

const RULES = {
  tool: {
    driver: {
      name: 'Tool',
      rules: [
        { id: 'r', defaultConfiguration: { level: 'error' } },
        { id: 's', properties: { 'security-severity': '9.1' } },
      ],
    },
  },
};

test.each([
  ['the level of the result', { level: 'note' }, {}, 'low'],
  ['none', { level: 'none' }, {}, 'info'],
  ['the level of the rule', {}, RULES, 'high'],
  ['a warning where nothing is said', {}, {}, 'medium'],
  ['security-severity before the level', { ruleId: 's', level: 'note' }, RULES, 'critical'],
  ['a level that does not exist', { level: 'terrible' }, {}, null],
  [
    'what the invocation set',
    {},
    {
      ...RULES,
      invocations: [
        { ruleConfigurationOverrides: [{ descriptor: { id: 'r' }, configuration: { level: 'note' } }] },
      ],
    },
    'low',
  ],
])('severity: %s', async (_, result, run, severity) => {
  expect((await readOne(result, run as Record<string, JsonValue>))?.severity).toBe(severity);
});

test.each([
  [{ id: 'default', arguments: ['x', 'y'] }, 'x is not y.'],
  [{ id: 'global', arguments: ['x'] }, 'Global x.'],
  [{ text: 'Uses {0}.', arguments: ['md5'] }, 'Uses md5.'],
  [{ text: 'Keeps {0} and {7}.' }, 'Keeps {0} and {7}.'],
  [{ id: 'unknown', arguments: ['x', 'y'] }, 'x y'],
  [{ markdown: '**bold**' }, '**bold**'],
  [{}, undefined],
  ['text', undefined],
])('the message %j', async (message, text) => {
  const driver = {
    name: 'Tool',
    globalMessageStrings: { global: { text: 'Global {0}.' } },
    rules: [{ id: 'r', messageStrings: { default: { text: '{0} is not {1}.' } } }],
  };
  const finding = await readOne({ message }, { tool: { driver } });
  expect(finding?.place).toMatchObject({ message: text });
});

test('the scan: time, repository without credentials, branch, category', async () => {
  const scan = await scanOf({
    invocations: [
      { executionSuccessful: true, startTimeUtc: '2026-01-01T10:00:00Z' },
      { executionSuccessful: true, endTimeUtc: '2026-01-01T11:00:00Z' },
    ],
    versionControlProvenance: [{ repositoryUri: 'https://user:token@example.org/a/b.git', branch: 'main' }],
    automationDetails: { id: 'nightly/api/2026-01-01' },
  });
  expect(scan).toEqual({
    tool: 'tool',
    toolVersion: undefined,
    time: Date.UTC(2026, 0, 1, 11),
    scope: { is: 'code', repository: 'https://example.org/a/b.git', branch: 'main', category: 'nightly/api' },
    coverage: 'all',
  });
});

test.each([
  ['a run that failed', { invocations: [{ executionSuccessful: false }] }, 'none'],
  [
    'results that lie in another file',
    { externalPropertyFileReferences: { results: [{ location: { uri: 'x' } }] } },
    'none',
  ],
  [
    'other properties that lie in another file',
    { externalPropertyFileReferences: { taxonomies: [{}] } },
    'all',
  ],
  ['no results at all', { results: null }, 'none'],
])('%s covers %s', async (_, run, coverage) => {
  expect((await scanOf(run))?.coverage).toBe(coverage);
});

test.each([
  [{ id: 'one-run' }, {}, undefined],
  [{ id: 'category/' }, {}, 'category'],
  [undefined, { 'semmle.sourceLanguage': 'python' }, 'language:python'],
])('category of %j', async (automationDetails, properties, category) => {
  const scan = await scanOf({
    ...(automationDetails === undefined ? {} : { automationDetails }),
    properties,
  });
  expect(scan?.scope).toMatchObject({ is: 'code', repository: null });
  expect(scan?.scope.is === 'code' ? scan.scope.category : null).toBe(category);
});

test('a result that names no rule keeps what it says', async () => {
  expect(await readOne({ ruleId: null })).toMatchObject({ subject: { check: 'unnamed' }, title: 'm' });
});

test('a secret is never in a title or description', async () => {
  const result = {
    ruleId: 'aws-key',
    message: { text: 'Found hunter2hunter2' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: '.env' },
          region: { startLine: 2, snippet: { text: 'hunter2hunter2' } },
        },
      },
    ],
  };
  const finding = await readOne(result, { tool: { driver: { name: 'gitleaks' } } });
  expect(finding?.place).toEqual({ is: 'secret', path: '.env', value: 'hunter2hunter2', line: 2 });
  expect(JSON.stringify({ ...finding, place: null })).not.toContain('hunter2');
});

test('the root that a person gives is taken off', async () => {
  const text = report({
    results: [
      {
        ruleId: 'r',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///home/me/shop/src/a.c' } } }],
      },
    ],
  });
  expect(findingsIn(await readAll(text, { ...CONTEXT, root: '/home/me/shop' }))[0]?.place).toMatchObject({
    path: 'src/a.c',
  });
});

test('a fingerprint that stands under two rules is none, wherever the rules stand', async () => {
  const results = ['r', 's', 'r'].map((ruleId, index) => ({
    ruleId,
    fingerprints: { a: index === 2 ? 'own' : 'constant' },
  }));
  const places = findingsIn(await readAll(report({ results }))).map((finding) => finding.place);
  expect(places.map((place) => (place.is === 'code' ? place.toolFingerprint : null))).toEqual([
    undefined,
    undefined,
    'own',
  ]);
});

test('of a report that breaks off, the runs that ended before are kept', async () => {
  const run = { tool: { driver: { name: 'a' } }, results: [{ ruleId: 'r', message: { text: 'm' } }] };
  const whole = JSON.stringify({ version: '2.1.0', runs: [run, run] });
  const items: ReportItem[] = [];
  const open = async function* () {
    yield Buffer.from(whole.slice(0, -12));
  };
  const reading = async () => {
    for await (const item of sarif.read({ name: 'cut.sarif', open }, CONTEXT)) items.push(item);
  };
  await expect(reading()).rejects.toMatchObject({ code: 'report_broken' });
  expect(items.map((item) => item.kind)).toEqual(['scan', 'record']);
});

test('another version of SARIF is refused with what to do', async () => {
  await expect(readAll(JSON.stringify({ version: '1.0.0', runs: [] }))).rejects.toMatchObject({
    code: 'report_broken',
    message: expect.stringContaining('2.1.0'),
  });
});

function distinctIdentities(findings: readonly FindingObservation[]): number {
  return new Set(findings.map((finding) => JSON.stringify([finding.subject, placeText(finding.place)]))).size;
}

function wholeReport(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, 'whole', name)));
}

test('510 results of CodeQL have 501 places; the nine that share a line and a rule are numbered', async () => {
  const findings = findingsIn(await readAll(wholeReport('codeql-export.sarif.gz')));
  expect(findings.length).toBe(510);
  expect(distinctIdentities(findings)).toBe(501);
  expect(
    new Set(
      findings.map(({ subject, place }) =>
        JSON.stringify([subject, place.is === 'code' ? place.path : null]),
      ),
    ).size,
  ).toBe(256);
});

test('56 results of SpotBugs have 56 places', async () => {
  const findings = findingsIn(await readAll(wholeReport('spotbugs.sarif.gz')));
  expect(findings.length).toBe(56);
  expect(distinctIdentities(findings)).toBe(56);
});

test('an image is told by whichever message of Grype names one', async () => {
  const told = 'A high vulnerability in apk package: ssl, version 3 was found in image shop:1 at: /lib';
  const scan = async (...texts: readonly JsonValue[]) => {
    const results = texts.map((text) => ({ ruleId: 'CVE-2026-1111-ssl', message: { text } }));
    const [item] = await readAll(
      JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Grype' } }, results }] }),
    );
    return item?.kind === 'scan' ? item.scan.scope.is : null;
  };
  expect([await scan(told), await scan('x', null, told), await scan('x')]).toEqual([
    'image',
    'image',
    'code',
  ]);
});

test.each([
  ['names it by its place', { ruleIndex: 0 }, 'f'],
  ['names none', {}, 'f'],
  ['is of another rule', { ruleId: 's' }, undefined],
])('a fingerprint counts under one rule alone, where another result with it %s', async (_, other, kept) => {
  const fingerprints = { hash: 'f' };
  const items = await readAll(
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Tool', rules: [{ id: 'r' }, { id: 's' }] } },
          results: [
            { ruleId: 'r', message: { text: 'm' }, fingerprints },
            { ...other, message: { text: 'm' }, fingerprints },
          ],
        },
      ],
    }),
  );
  const [first] = findingsIn(items);
  expect(first?.place).toMatchObject({ is: 'code', toolFingerprint: kept });
});
