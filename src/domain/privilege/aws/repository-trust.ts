import type { Instant } from '#base/instant.ts';
import { asObject, asTexts } from '#base/json-value.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Caller, Question } from './caller.ts';
import { type Certainty, NO, stronger } from './certainty.ts';
import { allowMeets, type ConditionTest } from './condition.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A host of code that gives tokens to pipelines: who issues them, and how their subjects are worded. */
interface Forge {
  readonly issuer: string;
  /** What stands before the repository. */
  readonly word: string;
  /** What pipelines say that they run for, where a policy asks for nothing else. */
  readonly runs: readonly string[];
  /** Null where whoever writes the pipeline chooses for whom its tokens are. */
  readonly audience: string | null;
}

const FORGES: Readonly<Record<string, Forge>> = {
  'github.com': {
    issuer: 'token.actions.githubusercontent.com',
    word: 'repo',
    runs: ['ref:refs/heads/main', 'ref:refs/heads/master', 'pull_request'],
    audience: 'sts.amazonaws.com',
  },
  'gitlab.com': {
    issuer: 'gitlab.com',
    word: 'project_path',
    runs: ['ref_type:branch:ref:main', 'ref_type:branch:ref:master'],
    audience: null,
  },
};

/**
 * How certainly a role's trust policy lets some pipeline of a repository become it (attack-paths §3.6). `repository`
 * is `host/owner/name`, the owner and name in any case; of hosts other than GitHub and GitLab it does not tell.
 */
export function trustsRepository(
  trust: PolicyDocument,
  role: Caller,
  repository: string,
  now: Instant,
): Certainty {
  const [, host = '', name = ''] = /^([^/]+)\/(.+)$/.exec(repository) ?? [];
  const forge = FORGES[host];
  if (forge === undefined) return NO;
  let certainty: Certainty = NO;
  for (const statement of trust.statements) {
    if (!statement.allows || !matchesAction(statement, 'sts:assumerolewithwebidentity')) continue;
    const providers = asTexts(asObject(statement.principal)?.['Federated']);
    if (!providers.some((provider) => provider.endsWith(`:oidc-provider/${forge.issuer}`))) continue;
    for (const subject of subjectsOf(statement.tests, name, forge))
      certainty = stronger(
        certainty,
        allowMeets(statement.tests, {
          ...asking(role, now),
          request: claimsOf(statement.tests, subject, forge),
        }),
      );
  }
  return certainty;
}

/** What a pipeline says of itself. */
interface Subject {
  readonly repository: string;
  readonly run: string;
}

/** Subjects that pipelines of the repository may have, in the policy's own spelling: hosts keep the case of names. */
function subjectsOf(
  tests: readonly ConditionTest[],
  repository: string,
  { issuer, word, runs }: Forge,
): readonly Subject[] {
  const asked = valuesOf(tests, `${issuer}:sub`).flatMap((value) =>
    value.startsWith(`${word}:`) ? [value.slice(word.length + 1)] : [],
  );
  const named = asked.flatMap((value) => {
    const [, own = '', run = ''] = /^([^:*?]+):(.*)$/.exec(value) ?? [];
    return own.toLowerCase() === repository.toLowerCase()
      ? [{ repository: own, run: run.replace(/[*?]/g, 'x') }]
      : [];
  });
  // Whoever writes to a repository makes a branch of any name in it.
  const refs = valuesOf(tests, `${issuer}:ref`).map((value) => `ref:${value.replace(/[*?]/g, 'x')}`);
  const spellings = [
    repository,
    ...asked
      .flatMap((value) => /^([^/:*?]+)\//.exec(value)?.[1] ?? [])
      .filter((name) => repository.toLowerCase().startsWith(`${name.toLowerCase()}/`))
      .map((name) => `${name}${repository.slice(name.length)}`),
  ];
  return [
    ...named,
    ...spellings.flatMap((name) => [...runs, ...refs].map((run) => ({ repository: name, run }))),
  ];
}

function valuesOf(tests: readonly ConditionTest[], key: string): readonly string[] {
  return tests.flatMap((test) => (test.key === key ? test.values : []));
}

function claimsOf(
  tests: readonly ConditionTest[],
  { repository, run }: Subject,
  { issuer, word, audience }: Forge,
): Question['request'] {
  return new Map<string, readonly string[]>([
    [`${issuer}:sub`, [`${word}:${repository}:${run}`]],
    [`${issuer}:aud`, audience === null ? valuesOf(tests, `${issuer}:aud`) : [audience]],
    [`${issuer}:repository`, [repository]],
    [`${issuer}:repository_owner`, [repository.split('/')[0] ?? '']],
    [`${issuer}:ref`, [run.replace(/^ref:/, '')]],
  ]);
}

function asking(caller: Caller, now: Instant): Omit<Question, 'request'> {
  return {
    caller,
    action: 'sts:assumerolewithwebidentity',
    resource: caller.arn,
    target: null,
    now,
  };
}
