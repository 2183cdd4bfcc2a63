import { asText, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { describeAwsPart } from '../reading/aws/aws-part.ts';
import { describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import type { Asked } from './asked.ts';

const REPORT_MAX = 32 * 1024 * 1024;
const USERS_MAX = 5_000;

/**
 * `get-credential-report`: who has a console password, a second factor and how many active keys. The report is a
 * table of commas within base64, with the root user of the account in it; ARNs and flags hold neither commas nor quotes.
 */
export function credentialReport(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const content = asText(answer['Content']);
  if (content === undefined || content.length > REPORT_MAX) return [];
  const [head = '', ...lines] = Buffer.from(content, 'base64')
    .toString('utf8')
    .split(/\r?\n/, USERS_MAX + 1);
  const columns = head.split(',');
  return lines.flatMap((line) => {
    const cells = line.split(',');
    const cell = (name: string): string | undefined => cells[columns.indexOf(name)];
    const arn = cell('arn');
    if (arn?.startsWith('arn:') !== true) return [];
    const keys = ['access_key_1_active', 'access_key_2_active'].filter(
      (name) => cell(name) === 'true',
    ).length;
    if (/^arn:[a-z-]+:iam::\d{12}:root$/.test(arn)) {
      const root = {
        Arn: arn,
        Name: 'root',
        MfaActive: flag(cell('mfa_active')),
        AccessKeyCount: keys,
        PasswordLastUsed: cell('password_last_used') ?? null,
      };
      return describeAwsResource('iam-root', root, place) ?? [];
    }
    if (!arn.includes(':user/')) return [];
    const facts = {
      PasswordEnabled: flag(cell('password_enabled')),
      PasswordLastUsed: cell('password_last_used') ?? null,
      MfaActive: flag(cell('mfa_active')),
      AccessKeyCount: keys,
    };
    return [describeAwsPart('iam-user', arn, 'credential-report', facts, place)];
  });
}

function flag(text: string | undefined): boolean | null {
  return text === 'true' ? true : text === 'false' ? false : null;
}
