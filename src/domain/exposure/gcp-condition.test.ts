import { describe, expect, it } from 'vitest';
import { gcp } from '../../../test/support/gcp-world.ts';
import { gcpConditionHolds, subjectOf, subjectOfType } from './gcp-condition.ts';

const AT = Date.UTC(2026, 9, 1);

describe('the condition of a binding', () => {
  it.each([
    ['gcp-bucket', 'storage.googleapis.com', 'Bucket', 'Object'],
    ['gcp-dataset', 'bigquery.googleapis.com', 'Dataset', 'Table'],
    ['gcp-secret', 'secretmanager.googleapis.com', 'Secret', 'SecretVersion'],
    ['gcp-kms-key', 'cloudkms.googleapis.com', 'CryptoKey', 'CryptoKeyVersion'],
    ['gcp-sql-instance', 'sqladmin.googleapis.com', 'Instance'],
  ])('knows what a %s is called', (type, service, ...kinds) => {
    const holds = (expression: string) => gcpConditionHolds(expression, subjectOfType(type, AT));
    expect(holds(`resource.service == "${service}"`)).toBe('yes');
    expect(holds(`resource.type.startsWith("${service}/")`)).toBe('yes');
    // A right on a store may be used on it and on what is in it, so that one of two types decides nothing.
    for (const kind of kinds)
      expect(holds(`resource.type == "${service}/${kind}"`)).toBe(kinds.length === 1 ? 'yes' : 'unknown');
    expect(holds('resource.type == "compute.googleapis.com/Instance"')).toBe('no');
  });

  it('that is a word says what the word says', () => {
    expect(gcpConditionHolds('true', { at: AT })).toBe('yes');
    expect(gcpConditionHolds('false', { at: AT })).toBe('no');
    expect(gcpConditionHolds('maybe', { at: AT })).toBe('unknown');
  });

  it('by a name is not known of what has none, or is called by none in conditions', () => {
    const expression = 'resource.name.startsWith("projects/_/buckets/other")';
    expect(gcpConditionHolds(expression, subjectOf(gcp('gcp-bucket', '//storage.googleapis.com/a')))).toBe(
      'no',
    );
    const nameless = { ...gcp('gcp-bucket', 'x'), facts: {} };
    expect(gcpConditionHolds(expression, subjectOf(nameless))).toBe('unknown');
    const topic = gcp('gcp-topic', '//pubsub.googleapis.com/projects/p/topics/t');
    expect(gcpConditionHolds(expression, subjectOf(topic))).toBe('unknown');
  });
});
