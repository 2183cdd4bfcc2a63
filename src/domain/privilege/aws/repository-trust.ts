import type { Instant } from '#base/instant.ts';
import { asObject, asTexts } from '#base/json-value.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Caller, Question } from './caller.ts';
import { type Certainty, NO, stronger } from './certainty.ts';
import { allowMeets, type ConditionTest } from './condition.ts';
import type { PolicyDocument } from './policy-document.ts';

const ISSUER = 'token.actions.githubusercontent.com';

/** What pipelines of a repository say that they run for, where a policy asks for nothing else. */
const RUNS = ['ref:refs/heads/main', 'ref:refs/heads/master', 'pull_request'];

/**
 * How certainly a role's trust policy lets some pipeline of a repository at GitHub become it (attack-paths §3.6). `repository`
 * is `owner/name`, in any case.
 */
export function trustsRepository(
  trust: PolicyDocument,
  role: Caller,
  repository: string,
  now: Instant,
): Certainty {
  let certainty: Certainty = NO;
  for (const statement of trust.statements) {
    if (!statement.allows || !matchesAction(statement, 'sts:assumerolewithwebidentity')) continue;
    const providers = asTexts(asObject(statement.principal)?.['Federated']);
    if (!providers.some((provider) => provider.endsWith(`:oidc-provider/${ISSUER}`))) continue;
    for (const subject of subjectsOf(statement.tests, repository))
      certainty = stronger(certainty, allowMeets(statement.tests, asking(role, subject, now)));
  }
  return certainty;
}

/** Subjects that pipelines of the repository may have, in the policy's own spelling: GitHub keeps the case of names. */
function subjectsOf(tests: readonly ConditionTest[], repository: string): readonly string[] {
  const asked = tests.flatMap(({ key, values }) => (key === `${ISSUER}:sub` ? values : []));
  const named = asked.flatMap((value) => {
    const [, own = '', run = ''] = /^repo:([^:*?]+):(.*)$/.exec(value) ?? [];
    return own.toLowerCase() === repository.toLowerCase() ? [`repo:${own}:${run.replace(/[*?]/g, 'x')}`] : [];
  });
  // Whoever writes to a repository makes a branch of any name in it.
  const refs = tests.flatMap(({ key, values }) =>
    key === `${ISSUER}:ref` ? values.map((value) => `ref:${value.replace(/[*?]/g, 'x')}`) : [],
  );
  const owner = asked.flatMap((value) => /^repo:([^/:*?]+)\//.exec(value)?.[1] ?? []);
  const spellings = [
    repository,
    ...owner
      .filter((name) => repository.toLowerCase().startsWith(`${name.toLowerCase()}/`))
      .map((name) => `${name}${repository.slice(name.length)}`),
  ];
  return [...named, ...spellings.flatMap((name) => [...RUNS, ...refs].map((run) => `repo:${name}:${run}`))];
}

function asking(caller: Caller, subject: string, now: Instant): Question {
  const [, repository = '', run = ''] = /^repo:([^:]*):(.*)$/.exec(subject) ?? [];
  const request = new Map<string, readonly string[]>([
    [`${ISSUER}:sub`, [subject]],
    [`${ISSUER}:aud`, ['sts.amazonaws.com']],
    [`${ISSUER}:repository`, [repository]],
    [`${ISSUER}:repository_owner`, [repository.split('/')[0] ?? '']],
    [`${ISSUER}:ref`, [run.replace(/^ref:/, '')]],
  ]);
  return {
    caller,
    action: 'sts:assumerolewithwebidentity',
    resource: caller.arn,
    target: null,
    request,
    now,
  };
}
