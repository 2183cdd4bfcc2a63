import type { JsonObject } from '#base/json-value.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import type { Caller, Question } from './caller.ts';
import { type Answer, decide, type ResourceSide } from './decide.ts';
import { allow, document, iam } from './iam-principal.test-sample.ts';
import { type CompiledStatement, PolicyCompiler } from './policy-document.ts';

export const ACCOUNT = '111111111111';
export const OTHER = '222222222222';
const NOW = Date.UTC(2026, 9, 1);
export const USER: Caller = {
  arn: iam('user', 'ann'),
  account: ACCOUNT,
  kind: 'user',
  name: 'ann',
  uniqueId: 'AIDA1',
  tags: { team: 'web' },
  choosesItsTags: false,
  isBounded: false,
  organisation: 'o-1',
};
export const ROLE: Caller = {
  ...USER,
  arn: iam('role', 'app'),
  kind: 'role',
  name: 'app',
  uniqueId: 'AROA1',
};
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/s`;
const OBJECT = 'arn:aws:s3:::logs/ann/a';

export interface Asked {
  readonly caller?: Caller;
  readonly identity?: readonly JsonObject[];
  /** Null for a document that names none. */
  readonly version?: string | null;
  readonly boundary?: readonly JsonObject[];
  readonly controls?: readonly (readonly JsonObject[])[];
  /** None where nothing is said. */
  readonly resourcePolicy?: readonly JsonObject[] | 'undescribed';
  readonly account?: string;
  readonly grants?: readonly JsonObject[];
  readonly resourceControls?: readonly JsonObject[];
  readonly action?: string;
  readonly resource?: string;
  readonly missing?: readonly string[];
}

export function answer(asked: Asked): Answer {
  const compiler = new PolicyCompiler();
  const compile = (
    statements: readonly JsonObject[],
    version: string | null = '2012-10-17',
  ): readonly CompiledStatement[] => {
    const { Version: _, ...bare } = document(...statements);
    const facts = version === null ? bare : { ...bare, Version: version };
    return compiler.compile(facts as unknown as PolicyFacts).statements;
  };
  const caller = { ...(asked.caller ?? USER), isBounded: asked.boundary !== undefined };
  const question: Question = {
    caller,
    action: (asked.action ?? 's3:GetObject').toLowerCase(),
    resource: asked.resource ?? OBJECT,
    target: {
      arn: asked.resource ?? OBJECT,
      account: asked.account ?? ACCOUNT,
      tags: { team: 'web' },
      boundary: null,
      isTaggable: false,
    },
    request: new Map(),
    now: NOW,
  };
  const side: ResourceSide = {
    account: asked.account ?? ACCOUNT,
    policy:
      asked.resourcePolicy === undefined
        ? null
        : asked.resourcePolicy === 'undescribed'
          ? undefined
          : compiler.compile(document(...asked.resourcePolicy) as unknown as PolicyFacts),
    command: 'aws s3api get-bucket-policy',
    missing: [],
    grants: compile(asked.grants ?? []),
    controls: asked.resourceControls === undefined ? [] : [compile(asked.resourceControls)],
  };
  const rights = {
    caller,
    identity: compile(asked.identity ?? [], asked.version),
    boundary: asked.boundary === undefined ? null : compile(asked.boundary),
    controls: (asked.controls ?? []).map((level) => compile(level)),
    missing: asked.missing ?? [],
  };
  return decide(rights, question, side);
}

export const when = (operator: string, key: string, ...values: readonly string[]): JsonObject => ({
  Condition: { [operator]: { [key]: [...values] } },
});
export const get = (more: JsonObject = {}): readonly JsonObject[] => [allow('s3:GetObject', more)];
export const to = (principal: JsonObject | string, more: JsonObject = {}): readonly JsonObject[] => [
  { ...allow('*', more), Principal: principal },
];
