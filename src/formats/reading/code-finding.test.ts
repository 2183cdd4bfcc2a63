import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { bandit } from '../bandit/bandit.ts';
import { gosec } from '../gosec/gosec.ts';
import { sarif } from '../sarif/sarif.ts';
import { semgrep } from '../semgrep/semgrep.ts';
import { codeFinding, iacFinding, secretFinding } from './code-finding.ts';

const NAMING = { sourceId: 's', cluster: null, repository: 'github.com/acme/shop', artifact: null };
const IDENTITY = { naming: NAMING, secretKey: new Uint8Array(32) };
const CONTEXT = { root: '/srv/shop', account: null, region: null, cluster: null };

async function identities(format: ReportFormat, report: JsonValue): Promise<readonly string[][]> {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(JSON.stringify(report));
    },
  };
  const found: string[][] = [];
  for await (const item of format.read(input, CONTEXT)) {
    if (item.kind !== 'record') continue;
    for (const observation of item.observations) {
      if (observation.kind !== 'finding') continue;
      const { fingerprint, issueKey } = identifyFinding(observation, IDENTITY);
      found.push([fingerprint, issueKey]);
    }
  }
  return found;
}

function sarifOf(
  tool: string,
  rule: JsonValue,
  result: { [key: string]: JsonValue },
  text: string,
): JsonValue {
  const physicalLocation = {
    artifactLocation: { uri: 'src/a.x' },
    region: { startLine: 4, snippet: { text } },
  };
  return {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool, rules: [rule] } },
        results: [{ ...result, locations: [{ physicalLocation }] }],
      },
    ],
  };
}

test.each<[string, ReportFormat, JsonValue, JsonValue]>([
  [
    'Semgrep signed in',
    semgrep,
    {
      errors: [],
      results: [
        {
          check_id: 'rules.eval',
          path: '/srv/shop/src/a.x',
          start: { line: 9 },
          extra: {
            message: 'm',
            fingerprint: 'f_0',
            lines: 'eval(x)',
            metadata: { cwe: ['CWE-95: Eval'], category: 'security' },
          },
        },
      ],
    },
    sarifOf(
      'Semgrep OSS',
      { id: 'rules.eval', properties: { tags: ['CWE-95: Eval', 'security'] } },
      { ruleId: 'rules.eval', message: { text: 'm' }, fingerprints: { 'matchBasedId/v1': 'f_0' } },
      'other text',
    ),
  ],
  [
    'Semgrep without login',
    semgrep,
    {
      errors: [],
      results: [
        {
          check_id: 'rules.eval',
          path: 'src/a.x',
          start: { line: 9 },
          extra: { message: 'm 1', fingerprint: 'requires login', lines: 'requires login' },
        },
      ],
    },
    sarifOf(
      'Semgrep OSS',
      { id: 'rules.eval' },
      {
        ruleId: 'rules.eval',
        message: { text: 'm 2' },
        fingerprints: { 'matchBasedId/v1': 'requires login' },
      },
      'requires login',
    ),
  ],
  [
    'Bandit',
    bandit,
    {
      errors: [],
      results: [
        {
          test_id: 'B303',
          filename: './src/a.x',
          line_number: 8,
          line_range: [8],
          code: '7 import hashlib\n8 hashlib.md5(x)\n9 print()\n',
          issue_text: 'm',
          issue_cwe: { id: 327 },
        },
      ],
    },
    sarifOf(
      'Bandit',
      { id: 'B303', properties: { tags: ['security', 'external/cwe/cwe-327'] } },
      { ruleId: 'B303', message: { text: 'm' } },
      'hashlib.md5(x)\n',
    ),
  ],
  [
    'gosec',
    gosec,
    {
      Issues: [
        {
          rule_id: 'G401',
          details: 'm',
          file: '/srv/shop/src/a.x',
          line: '8',
          code: '8: md5.New()\n',
          cwe: { id: '327' },
        },
      ],
    },
    sarifOf(
      'gosec',
      {
        id: 'G401',
        relationships: [{ target: { id: '327', toolComponent: { name: 'CWE' } } }],
      },
      { ruleId: 'G401', message: { text: 'm' } },
      '9: md5.New()\n',
    ),
  ],
])('%s says the same in JSON and in SARIF', async (_case, format, json, sarifReport) => {
  const [own] = await identities(format, json);
  expect(own).toBeDefined();
  expect(await identities(sarif, sarifReport)).toEqual([own]);
});

const RESULT = { tool: 't', check: 'c', path: 'a', line: 1, severity: null, title: undefined };

test('a resource that the file names is the place of a setting; else its place is that of code', () => {
  expect(iacFinding({ ...RESULT, address: 'aws_s3_bucket.a' }).place).toEqual({
    is: 'address',
    path: 'a',
    address: 'aws_s3_bucket.a',
  });
  expect(iacFinding({ ...RESULT, address: undefined, message: 'm' }).place).toMatchObject({
    is: 'code',
    message: 'm',
  });
});

test('a finding without a title has the name of its check', () => {
  expect(codeFinding({ ...RESULT, cwes: [], message: undefined }).title).toBe('c');
});

test('a secret keeps its value in its place alone, where the domain hashes it', () => {
  const { place, ...rest } = secretFinding({ ...RESULT, value: 'hunter2hunter2', secretState: 'unknown' });
  expect(place).toMatchObject({ value: 'hunter2hunter2' });
  expect(JSON.stringify(rest)).not.toContain('hunter2');
});
