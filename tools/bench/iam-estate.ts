import type { JsonObject, JsonValue } from '../../src/base/json-value.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';

/** An organisation made up for measuring: accounts, and in each users and roles with policies of their own. */
export interface SyntheticIam {
  readonly resources: readonly EstateResource[];
  /** The same as the accounts' dumps, as one text. */
  readonly dump: string;
  readonly documents: number;
}

const SERVICES = [
  's3',
  'dynamodb',
  'sqs',
  'sns',
  'logs',
  'cloudwatch',
  'ec2',
  'lambda',
  'kms',
  'ssm',
  'secretsmanager',
  'ecs',
  'rds',
  'iam',
];
const TRUSTED = [
  'lambda.amazonaws.com',
  'ec2.amazonaws.com',
  'ecs-tasks.amazonaws.com',
  'glue.amazonaws.com',
  'codebuild.amazonaws.com',
];
const VERBS = ['Get*', 'List*', 'Describe*', 'Put*', 'Create*', 'Update*', 'Delete*', '*'];
const RISKY = [
  'iam:PassRole',
  'iam:CreateAccessKey',
  'iam:UpdateAssumeRolePolicy',
  'sts:AssumeRole',
  'iam:PutRolePolicy',
  'lambda:UpdateFunctionCode',
  'ssm:SendCommand',
  'iam:AttachUserPolicy',
];
const SEEN = Date.UTC(2026, 9, 1);

/** Numbers that look random and are the same every time. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `principals` over `accounts`; a third of the policies inline, the rest shared within an account (attack-paths §3.2). */
export function syntheticIam(principals: number, accounts: number, seed = 7): SyntheticIam {
  const random = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const resources: EstateResource[] = [];
  const documents = new Set<string>();
  const statement = (account: string): JsonObject => {
    const isRisky = random() < 0.12;
    const service = pick(SERVICES);
    const action = isRisky ? pick(RISKY) : `${service}:${pick(VERBS)}`;
    const resource =
      random() < 0.4
        ? '*'
        : isRisky
          ? `arn:aws:iam::${account}:role/team-${Math.floor(random() * 40)}-*`
          : `arn:aws:${service}:*:${account}:*${Math.floor(random() * 60)}*`;
    const condition: JsonObject =
      isRisky && random() < 0.3
        ? { Condition: { StringEquals: { 'iam:PassedToService': pick(TRUSTED) } } }
        : {};
    return {
      Effect: random() < 0.06 ? 'Deny' : 'Allow',
      Action: [action, `${pick(SERVICES)}:${pick(VERBS)}`],
      Resource: resource,
      ...condition,
    };
  };
  const document = (account: string): JsonObject => {
    const made = {
      Version: '2012-10-17',
      Statement: Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        statement(account),
      ) as JsonValue[],
    };
    documents.add(JSON.stringify(made));
    return made;
  };
  const add = (type: string, account: string, name: string, facts: JsonObject): void => {
    const arn = `arn:aws:iam::${account}:${type.slice(4)}/${name}`;
    resources.push({
      key: `aws:${arn}`,
      type,
      name,
      account,
      region: null,
      tags: {},
      facts: { Arn: arn, ...facts },
      seenAt: SEEN,
      provenance: 'bench',
    });
  };
  const perAccount = Math.ceil(principals / accounts);
  for (let index = 0; index < accounts; index++) {
    const account = String(100_000_000_000 + index);
    const shared = Array.from({ length: 45 }, (_, number) => `arn:aws:iam::${account}:policy/p${number}`);
    for (const [number] of shared.entries())
      add('iam-policy', account, `p${number}`, { Document: document(account) });
    for (let number = 0; number < perAccount; number++) {
      const isRole = random() < 0.7;
      const name = `team-${Math.floor(random() * 40)}-${number}`;
      const attached = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
        PolicyArn: pick(shared),
      }));
      if (number === 0) attached.push({ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
      const inline = random() < 0.35 ? [{ PolicyName: 'own', PolicyDocument: document(account) }] : [];
      const other = String(100_000_000_000 + Math.floor(random() * accounts));
      const principal: JsonObject =
        random() < 0.6
          ? { Service: pick(TRUSTED) }
          : random() < 0.7
            ? { AWS: `arn:aws:iam::${account}:root` }
            : { AWS: `arn:aws:iam::${other}:root` };
      const facts: JsonObject = { AttachedManagedPolicies: attached };
      if (isRole)
        add('iam-role', account, name, {
          ...facts,
          RoleName: name,
          RolePolicyList: inline,
          InstanceProfileList:
            random() < 0.3 ? [{ Arn: `arn:aws:iam::${account}:instance-profile/${name}` }] : [],
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
          },
        });
      else
        add('iam-user', account, name, { ...facts, UserName: name, GroupList: [], UserPolicyList: inline });
    }
    resources.push({
      ...(resources.at(-1) as EstateResource),
      key: `aws:${account}/listing`,
      type: 'inventory-listing',
      name: 'list',
      facts: { Of: 'iam-role' },
    });
  }
  return { resources, dump: JSON.stringify(resources.map(({ facts }) => facts)), documents: documents.size };
}
