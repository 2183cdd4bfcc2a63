import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ZodEnum } from 'zod';
import { detectedRiskSchema } from '../../src/contract/detected-risk.ts';
import { findingTypeSchema } from '../../src/contract/finding-type.ts';
import { roleSchema } from '../../src/contract/session.ts';
import { severitySchema } from '../../src/contract/severity.ts';
import { FINDING_TYPES } from '../../src/domain/finding/finding-type.ts';
import type { Role } from '../../src/domain/ports/people-store.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { SEVERITIES } from '../../src/domain/severity/severity.ts';
import { openTestServer, type TestServer } from '../../src/http/server.test-suite.ts';

/** Complete by its type: a role that is missing, or one too many, does not compile. */
const ROLES = Object.keys({ read: 0, triage: 0, administer: 0 } satisfies Record<Role, number>);

test.each<[string, ZodEnum, readonly string[]]>([
  ['detected risks', detectedRiskSchema, DETECTED_RISKS],
  ['types of findings', findingTypeSchema, FINDING_TYPES],
  ['severities', severitySchema, SEVERITIES],
  ['roles', roleSchema, ROLES],
])('the words of the wire are those of the domain, in the same order: %s', (_name, schema, words) => {
  expect(schema.options).toEqual(words);
});

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: object;
    readonly schemas?: Readonly<Record<string, object>>;
  };
}

describe('the description of the API', () => {
  let server: TestServer;
  let description: Description;

  beforeAll(async () => {
    server = await openTestServer();
    description = (await server.ask({ url: '/api/v1/openapi.json' })).json();
  });
  afterAll(() => server.close());

  const operations = () =>
    Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation,
      })),
    );

  test('lists every route', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d+$/);
    expect(description.info).toMatchObject({ title: 'Security Inbox', version: '1.2.3' });
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'DELETE /api/v1/rules/{id}',
      'DELETE /api/v1/session',
      'GET /api/v1/acceptance-rules',
      'GET /api/v1/acceptances',
      'GET /api/v1/advisories',
      'GET /api/v1/advisories/ratings',
      'GET /api/v1/assignees',
      'GET /api/v1/attack-paths',
      'GET /api/v1/attack-paths/blast-radius',
      'GET /api/v1/attack-paths/fix-plan',
      'GET /api/v1/attack-paths/fixes',
      'GET /api/v1/attack-paths/map',
      'GET /api/v1/attack-paths/what-if',
      'GET /api/v1/attack-paths/who-can-reach',
      'GET /api/v1/controls',
      'GET /api/v1/controls/{id}',
      'GET /api/v1/estate',
      'GET /api/v1/export',
      'GET /api/v1/feeds',
      'GET /api/v1/findings',
      'GET /api/v1/imports',
      'GET /api/v1/issue-groups',
      'GET /api/v1/issue-names/{name}',
      'GET /api/v1/issues',
      'GET /api/v1/issues/{id}',
      'GET /api/v1/issues/{id}/above/{other}',
      'GET /api/v1/issues/{id}/deliveries',
      'GET /api/v1/issues/{id}/history',
      'GET /api/v1/mappings',
      'GET /api/v1/missing',
      'GET /api/v1/neighbours',
      'GET /api/v1/networks',
      'GET /api/v1/overview',
      'GET /api/v1/owners',
      'GET /api/v1/query/fields',
      'GET /api/v1/receivers',
      'GET /api/v1/resources',
      'GET /api/v1/rules',
      'GET /api/v1/rules/automation',
      'GET /api/v1/rules/automation/export',
      'GET /api/v1/scoring',
      'GET /api/v1/session',
      'GET /api/v1/signals',
      'GET /api/v1/sources',
      'GET /api/v1/surroundings',
      'GET /api/v1/views',
      'GET /api/v1/watches',
      'POST /api/v1/acceptance-rules',
      'POST /api/v1/acceptances/{id}/approve',
      'POST /api/v1/acceptances/{id}/decline',
      'POST /api/v1/actions/{id}/undo',
      'POST /api/v1/advisories/{id}/rate',
      'POST /api/v1/advisories/{id}/unrate',
      'POST /api/v1/attack-paths/fixes/{id}/assign',
      'POST /api/v1/attack-paths/fixes/{id}/due',
      'POST /api/v1/comments/{id}/delete',
      'POST /api/v1/comments/{id}/edit',
      'POST /api/v1/controls/{id}/edit',
      'POST /api/v1/controls/{id}/reset',
      'POST /api/v1/deliveries/withdraw',
      'POST /api/v1/deliveries/{id}/withdraw',
      'POST /api/v1/imports',
      'POST /api/v1/issues/actions',
      'POST /api/v1/issues/tickets',
      'POST /api/v1/issues/{id}/admit',
      'POST /api/v1/issues/{id}/assign',
      'POST /api/v1/issues/{id}/comments',
      'POST /api/v1/issues/{id}/due',
      'POST /api/v1/issues/{id}/mute',
      'POST /api/v1/issues/{id}/snooze',
      'POST /api/v1/issues/{id}/start',
      'POST /api/v1/issues/{id}/stop',
      'POST /api/v1/issues/{id}/team',
      'POST /api/v1/issues/{id}/ticket',
      'POST /api/v1/issues/{id}/unadmit',
      'POST /api/v1/issues/{id}/unmute',
      'POST /api/v1/issues/{id}/wake',
      'POST /api/v1/issues/{id}/workflow',
      'POST /api/v1/mappings',
      'POST /api/v1/mappings/remove',
      'POST /api/v1/networks',
      'POST /api/v1/networks/remove',
      'POST /api/v1/owners',
      'POST /api/v1/owners/accept',
      'POST /api/v1/receivers',
      'POST /api/v1/receivers/remove',
      'POST /api/v1/rules/automation',
      'POST /api/v1/rules/automation/diff',
      'POST /api/v1/rules/automation/preview',
      'POST /api/v1/rules/{id}/clone',
      'POST /api/v1/rules/{id}/disable',
      'POST /api/v1/rules/{id}/enable',
      'POST /api/v1/scans/{id}/undo',
      'POST /api/v1/scoring',
      'POST /api/v1/session',
      'POST /api/v1/views',
      'POST /api/v1/views/remove',
      'POST /api/v1/watches',
      'POST /api/v1/watches/remove',
    ]);
  });

  test('lists no route that is not there, and each one that is', () => {
    const listed = operations().map(({ name }) => name);
    for (const name of listed) {
      const [method, path] = name.split(' ') as [string, string];
      expect(
        server.app.hasRoute({ method: method as 'GET', url: path.replace(/\{(\w+)\}/g, ':$1') }),
        name,
      ).toBe(true);
    }
    // Fastify draws its routes as a tree; each one of the API ends in its methods.
    const drawn = server.app.printRoutes({ commonPrefix: false });
    const methods = [...drawn.matchAll(/\((?<methods>[A-Z, ]+)\)/g)].flatMap(
      (match) => match.groups?.methods?.split(', ') ?? [],
    );
    const hidden = [
      'POST /api/v1/csp-reports',
      'GET /api/v1/openapi.json',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
    ];
    expect(methods.filter((method) => method !== 'HEAD' && method !== 'OPTIONS')).toHaveLength(
      listed.length + hidden.length,
    );
  });

  test('says of each operation what it does, takes and answers', () => {
    for (const { name, path, operation } of operations()) {
      expect(operation.summary, name).toMatch(/^[A-Z].*[^.]$/);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(
        inPath.map((parameter) => parameter.name),
        name,
      ).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, word]) => word));
      expect(
        inPath.every(({ required }) => required),
        name,
      ).toBe(true);
      const good = Object.keys(operation.responses).filter((status) => /^2\d\d$/.test(status));
      expect(good, name).toHaveLength(1);
      for (const response of Object.values(operation.responses))
        expect(response.description, name).toBeTypeOf('string');
    }
  });

  test('is a document of JSON Schema 2020-12: every reference leads somewhere, and no word of older versions is used', () => {
    const places: string[] = [];
    const visit = (value: unknown, at: string) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        // `nullable` is a word of OpenAPI 3.0; below `properties` it would be somebody's member.
        if (key === 'nullable' && !at.endsWith('/properties')) places.push(`${at}/${key}`);
        if (key === '$ref' && !resolves(String(inner))) places.push(`${at}: ${inner}`);
        visit(inner, `${at}/${key}`);
      }
    };
    const resolves = (reference: string) =>
      reference.startsWith('#/') &&
      reference
        .slice(2)
        .split('/')
        .reduce<unknown>(
          (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
          description,
        ) !== undefined;
    visit(description, '');
    expect(places).toEqual([]);
  });
});
