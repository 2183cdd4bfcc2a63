import type { Question } from './caller.ts';
import {
  type LiteralCase,
  literalCertainty,
  type Policy,
  type Statement,
} from './decide.literal.test-sample.ts';
import { randomNumbers, randomRequest } from './decide.random.test-sample.ts';
import { certaintyOf, type ResourceSide } from './decide.ts';
import { grantStatements } from './key-grants.ts';
import { PolicyCompiler, type PolicyDocument } from './policy-document.ts';
import { PrincipalClass } from './principal-class.ts';
import type { Rights } from './rights.ts';
import { SharedAnswers } from './shared-answers.ts';
import { TargetList } from './target-list.ts';

function actualCertainty(c: LiteralCase): number {
  const compiler = new PolicyCompiler();
  const compile = (policy: Policy): PolicyDocument => compiler.compile(policy as never);
  const question: Question = {
    caller: c.caller,
    action: c.action.toLowerCase(),
    resource: c.resource,
    target: c.target,
    request: new Map(Object.entries(c.request)),
    now: c.now,
  };
  const rights: Rights = {
    caller: c.caller,
    identity: c.identity.flatMap((each) => compile(each).statements),
    boundary: c.boundary === null ? null : compile(c.boundary).statements,
    controls: c.controls.map((level) => level.flatMap((each) => compile(each).statements)),
    missing: [],
  };
  const side: ResourceSide = {
    account: c.resourceAccount,
    policy: c.resourcePolicy === null ? null : compile(c.resourcePolicy),
    command: '',
    grants: compile({
      Version: '2012-10-17',
      Statement: grantStatements({
        Grants: c.grants.map(({ grantee, operations }) => ({
          GranteePrincipal: grantee,
          Operations: [...operations],
        })),
      }) as readonly Statement[],
    }).statements,
    controls: c.resourceControls.map((level) => level.flatMap((each) => compile(each).statements)),
    missing: [],
  };
  if (c.target !== null && c.resource !== '*') {
    // The vector of a class answers what a single question answers.
    const list = new TargetList([c.target]);
    const of = new PrincipalClass(rights, 'aws', c.now, new SharedAnswers());
    const { request } = question;
    const single = of.on(question.action, c.resource, c.caller, { target: c.target, request });
    const asking = { key: 'of the case', request, choosesTags: false };
    const vector = of.vector(question.action, list, asking).levels[0];
    // Only what a statement says that it looks at in a request makes a vector of its own.
    const looks = request.size === 0;
    if (looks && vector !== single)
      throw new Error(`vector ${vector}, single ${single}: ${JSON.stringify(c)}`);
  }
  return certaintyOf(rights, question, side);
}

/**
 * How often each certainty was the answer to random requests; fails at the first where the evaluator differs from the
 * literal one. More of them: `tools/fuzz-policies.ts`.
 */
export function compareDecisions(cases: number, seed: number): readonly number[] {
  const random = randomNumbers(seed);
  const seen = [0, 0, 0, 0];
  for (let index = 0; index < cases; index++) {
    const c = randomRequest(random);
    const [got, wanted] = [actualCertainty(c), literalCertainty(c)];
    seen[wanted] = (seen[wanted] as number) + 1;
    if (got !== wanted)
      throw new Error(`case ${index}: ${got}, where ${wanted} is right: ${JSON.stringify(c)}`);
  }
  return seen;
}
