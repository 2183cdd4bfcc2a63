import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { checkov } from '../checkov/checkov.ts';
import { githubCodeScanning } from '../github-code-scanning/github-code-scanning.ts';
import { kics } from '../kics/kics.ts';
import { sarif } from '../sarif/sarif.ts';

/** One result of a tool, in its own report and in SARIF (or as GitHub keeps it), of one repository. */
const CONTEXT = {
  root: null,
  account: null,
  region: null,
  cluster: null,
  repository: 'github.com/acme/shop',
};

async function identity(format: ReportFormat, report: JsonValue) {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(JSON.stringify(report));
    },
  };
  const naming = { sourceId: format.id, cluster: null, repository: 'github.com/acme/shop', artifact: null };
  for await (const item of format.read(input, CONTEXT))
    for (const observation of item.kind === 'record' ? item.observations : [])
      if (observation.kind === 'finding')
        return identifyFinding(observation, { naming, secretKey: new Uint8Array(32) });
  throw new Error(`${format.id} reads no finding`);
}

function sarifOf(tool: string, rule: JsonValue, message: string, path: string, snippet?: string): JsonValue {
  const region = { startLine: 5, ...(snippet !== undefined && { snippet: { text: snippet } }) };
  const location = { physicalLocation: { artifactLocation: { uri: path }, region } };
  const { id } = rule as { readonly id: string };
  return {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool, rules: [rule] } },
        results: [{ ruleId: id, message: { text: message }, locations: [location] }],
      },
    ],
  };
}

test('a check of Checkov is one finding in its JSON and in its SARIF, where that shows the block', async () => {
  const own = await identity(checkov, {
    check_type: 'terraform',
    results: {
      failed_checks: [
        {
          check_id: 'CKV_AWS_18',
          check_name: 'Access logging',
          file_path: '/infra/s3.tf',
          repo_file_path: '/infra/s3.tf',
          resource: 'aws_s3_bucket.logs',
          file_line_range: [5, 9],
        },
      ],
    },
    summary: { checkov_version: '3.2.0' },
  });
  const block = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}';
  const rule = { id: 'CKV_AWS_18', name: 'Access logging' };
  const other = await identity(sarif, sarifOf('Checkov', rule, 'Access logging', 'infra/s3.tf', block));
  expect(other.fingerprint).toBe(own.fingerprint);
  const bare = await identity(sarif, sarifOf('Checkov', rule, 'Access logging', 'infra/s3.tf'));
  expect([bare.issueId, bare.fingerprint === own.fingerprint]).toEqual([own.issueId, false]);
});

test('a query of KICS is one finding in its JSON and in its SARIF, where the message names the resource', async () => {
  const message = "aws_s3_bucket_policy[this].policy.Principal is equal to or contains '*'";
  const own = await identity(kics, {
    kics_version: 'v2',
    files_scanned: 1,
    queries_total: 1,
    queries: [
      {
        query_id: '7af43613-6bb9-4a0e-8c4d-1314b799425e',
        query_name: 'S3 Bucket Access to Any Principal',
        severity: 'CRITICAL',
        files: [
          {
            file_name: 'infra/s3.tf',
            line: 5,
            search_key: 'aws_s3_bucket_policy[this].policy',
            actual_value: message,
          },
        ],
      },
    ],
  });
  const rule = { id: '7af43613-6bb9-4a0e-8c4d-1314b799425e', name: 'S3 Bucket Access to Any Principal' };
  const other = await identity(sarif, sarifOf('KICS', rule, message, 'infra/s3.tf'));
  expect(other.fingerprint).toBe(own.fingerprint);
});

test('an alert of GitHub is in the issue of the SARIF that it was made of', async () => {
  const tags = ['security', 'external/cwe/cwe-312'];
  const message = 'This expression stores sensitive data as clear text.';
  const own = await identity(githubCodeScanning, [
    {
      state: 'open',
      html_url: 'https://github.com/acme/shop/security/code-scanning/35',
      rule: { id: 'py/clear-text-storage', severity: 'error', description: 'Clear text', tags },
      tool: { name: 'CodeQL' },
      most_recent_instance: { message: { text: message }, location: { path: 'src/a.py', start_line: 5 } },
    },
  ]);
  const rule = { id: 'py/clear-text-storage', properties: { tags } };
  const other = await identity(sarif, sarifOf('CodeQL', rule, message, 'src/a.py'));
  expect(other.issueId).toBe(own.issueId);
  // The alert carries no fingerprint of the result; where SARIF has none either, both go by the message.
  expect(other.fingerprint).toBe(own.fingerprint);
});
