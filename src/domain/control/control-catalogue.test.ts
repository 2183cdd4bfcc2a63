import { describe, expect, test } from 'vitest';
import { likelihoodOf, severityOfLikelihood } from '../severity/likelihood-impact.ts';
import { CATALOGUED_TOOLS, CONTROLS, controlById } from './control-catalogue.ts';
import { controlForCheck } from './control-for-check.ts';
import { toolCheck } from './tool-check.ts';

test('there are 110 misconfigurations and 57 identity risks, each id once', () => {
  const types = CONTROLS.map(({ type }) => type);
  expect(types.filter((type) => type === 'misconfiguration')).toHaveLength(110);
  expect(types.filter((type) => type === 'identity_risk')).toHaveLength(57);
  expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(CONTROLS.length);
});

test('likelihood and impact give the severity of every control', () => {
  const contradictions = CONTROLS.filter(
    ({ severity, likelihood: { vector, accessibility }, impact }) =>
      severityOfLikelihood(likelihoodOf(vector, accessibility), impact) !== severity,
  );
  expect(contradictions).toEqual([]);
});

test('every check id is written in its one spelling', () => {
  const misspelled = CONTROLS.flatMap(({ checks }) =>
    CATALOGUED_TOOLS.flatMap((tool) =>
      (checks[tool] ?? []).filter((check) => toolCheck(tool, check) !== `${tool}:${check}`),
    ),
  );
  expect(misspelled).toEqual([]);
});

test('every field is of the shape that the type promises', () => {
  for (const control of CONTROLS) {
    expect(
      Object.keys(control.checks).every((tool) => (CATALOGUED_TOOLS as readonly string[]).includes(tool)),
    ).toBe(true);
    expect(control.title).not.toBe('');
    expect(typeof control.inbox).toBe('boolean');
    for (const { risk, checks } of control.implies ?? []) {
      expect(['publicly_accessible', 'privileged_access']).toContain(risk);
      for (const check of checks ?? []) {
        const [tool = '', id = ''] = check.split(':');
        expect(control.checks[tool as 'prowler']).toContain(id);
      }
    }
  }
});

test('the controls that are admitted by default', () => {
  const admitted = CONTROLS.filter(({ inbox }) => inbox);
  expect(admitted).toHaveLength(69);
  // Admission is for what anyone outside can abuse, or what hands over everything.
  expect(admitted.filter(({ severity }) => severity !== 'critical' && severity !== 'high')).toEqual([]);
});

test('a control by its id', () => {
  expect(controlById('s3.public-read')?.title).toBe('Bucket readable by everyone');
  expect(controlById('__proto__')).toBeNull();
});

describe('every check finds its control', () => {
  test('where no other control shares it', () => {
    const owners = new Map<string, string[]>();
    for (const { id, checks } of CONTROLS) {
      for (const tool of CATALOGUED_TOOLS) {
        for (const check of checks[tool] ?? [])
          owners.set(`${tool}:${check}`, [...(owners.get(`${tool}:${check}`) ?? []), id]);
      }
    }
    for (const [key, ids] of owners) {
      const [tool = '', check = ''] = key.split(':');
      expect(controlForCheck(tool, check)?.id).toBe(ids[0]);
    }
    expect([...owners].filter(([, ids]) => ids.length > 1).map(([key]) => key)).toEqual([
      'trivy:AWS-0107',
      'securityhub:EC2.53',
      'securityhub:EC2.19',
      'checkov:CKV_AWS_79',
      'prowler:s3_bucket_public_access',
      'securityhub:S3.2',
      'prowler:kms_key_not_publicly_accessible',
      'securityhub:IAM.1',
      'checkov:CKV_AWS_62',
      'trivy:AWS-0057',
      'checkov:CKV_AWS_274',
      'checkov:CKV2_K8S_2',
    ]);
  });
});
