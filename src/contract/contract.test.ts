import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importQuerySchema, importResultSchema, isImportRead } from './import.ts';
import { facetsSchema, inboxPageSchema, inboxQuerySchema } from './inbox-page.ts';
import { issueRowSchema } from './issue.ts';
import { issueAboveSchema } from './issue-above.ts';
import { muteBodySchema } from './issue-action.ts';
import { issueDetailSchema } from './issue-detail.ts';
import { sourceListSchema } from './source.ts';

describe('the query of the inbox', () => {
  it('has defaults: the first hundred of what is admitted', () => {
    expect(inboxQuerySchema.parse({})).toEqual({ limit: 100, all: false, muted: false });
  });

  it('reads lists separated by commas, in the order given', () => {
    expect(
      inboxQuerySchema.parse({
        severity: 'high,critical',
        risk: 'in_production',
        type: '',
        all: 'true',
        limit: '20',
        status: 'resolved,open',
        muted: 'true',
      }),
    ).toEqual({
      limit: 20,
      all: true,
      muted: true,
      status: ['resolved', 'open'],
      severity: ['high', 'critical'],
      risk: ['in_production'],
      type: [],
    });
  });

  it.each([
    ['an unknown severity', { severity: 'high,urgent' }],
    ['an unknown risk', { risk: '__proto__' }],
    ['an unknown status', { status: 'closed' }],
    ['a word for muted that is neither', { muted: 'only' }],
    ['a limit of nothing', { limit: '0' }],
    ['a limit beyond the cap', { limit: '201' }],
    ['a word for all that is neither', { all: 'yes' }],
  ])('refuses %s', (_name, query) => {
    expect(inboxQuerySchema.safeParse(query).success).toBe(false);
  });
});

describe('shapes that must be whole', () => {
  const risk = { yes: 0, unknown: 0 };
  const facets = {
    severity: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    type: {
      misconfiguration: 0,
      identity_risk: 0,
      library_vulnerability: 0,
      code_vulnerability: 0,
      infrastructure_vulnerability: 0,
      attack_path: 0,
      secret: 0,
      iac_misconfiguration: 0,
      api_finding: 0,
    },
    risk: {
      publicly_accessible: risk,
      privileged_access: risk,
      under_attack: risk,
      exploit_available: risk,
      in_production: risk,
    },
  };

  it('facets name every severity, type and risk', () => {
    expect(facetsSchema.safeParse(facets).success).toBe(true);
    const { info: _info, ...fourSeverities } = facets.severity;
    expect(facetsSchema.safeParse({ ...facets, severity: fourSeverities }).success).toBe(false);
  });

  it('a mute says why', () => {
    expect(muteBodySchema.safeParse({ reason: '  ' }).success).toBe(false);
    expect(
      muteBodySchema.safeParse({ reason: 'fixed in the next release', until: '2027-01-01T00:00:00Z' })
        .success,
    ).toBe(true);
  });

  it('an import result is either read or failed, and a failure keeps its format', () => {
    const failed = {
      file: 'a.json',
      format: null,
      error: { code: 'format_unknown', message: 'No format knows it.' },
    };
    expect(importResultSchema.parse(failed)).toEqual(failed);
    expect(isImportRead(importResultSchema.parse(failed))).toBe(false);
    expect(importResultSchema.safeParse({ file: 'a.json', format: null }).success).toBe(false);
  });

  it('a report that broke off keeps its counts', () => {
    const broken = {
      file: 'a.json',
      format: 'trivy',
      source: null,
      scope: {},
      complete: false,
      records: 2,
      findings: 1,
      passed: 0,
      resources: 0,
      relations: 0,
      signals: 0,
      rejects: [],
      created: 1,
      changed: 0,
      unchanged: 0,
      closed: 0,
      held: 0,
      regressed: 0,
      error: { code: 'report_broken', message: 'It ends in the middle.' },
      sentences: ['1 new.'],
    };
    const parsed = importResultSchema.parse(broken);
    expect(parsed).toEqual(broken);
    expect(isImportRead(parsed)).toBe(true);
  });

  it.each([
    [undefined, undefined],
    ['shop', ['shop']],
    [
      ['shop', 'a,b'],
      ['shop', 'a,b'],
    ],
  ])('the services %j of an import are %j', (service, read) => {
    expect(importQuerySchema.parse({ name: 'a.json', service }).service).toEqual(read);
  });
});

describe('the description of the API', () => {
  it.each([
    ['inbox query', inboxQuerySchema],
    ['inbox page', inboxPageSchema],
    ['issue row', issueRowSchema],
    ['issue detail', issueDetailSchema],
    ['issue above', issueAboveSchema],
    ['import query', importQuerySchema],
    ['import result', importResultSchema],
    ['sources', sourceListSchema],
  ])('%s has a JSON schema', (_name, schema) => {
    expect(z.toJSONSchema(schema, { io: 'input' })).toHaveProperty('$schema');
  });
});
