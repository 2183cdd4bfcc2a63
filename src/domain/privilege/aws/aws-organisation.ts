import { addToList } from '#base/list-map.ts';
import type { AwsEstate } from '../../exposure/aws-estate.ts';
import { awsCall } from '../../resource/aws-call.ts';
import {
  DELEGATED_ADMINISTRATOR,
  ORGANIZATION,
  ORGANIZATION_NAME,
  ORGANIZATION_PARENT,
  ORGANIZATION_POLICY,
  ORGANIZATION_POLICY_TARGET,
} from '../../resource/facts/aws-identity-facts.ts';
import { readFacts } from '../../resource/facts/fact-shape.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Membership } from './caller.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED } from './certainty.ts';
import type { CompiledStatement, PolicyCompiler, PolicyDocument } from './policy-document.ts';

/** Policies of the organisation that apply to one account (attack-paths §3.1, steps 2 and 3). */
export interface AccountControls {
  /** A list for each level from the account up to the root; each must allow. */
  readonly levels: readonly (readonly CompiledStatement[])[];
  /** Hashes of the documents, for keys. */
  readonly key: string;
  /** Policies that apply and were not described, with their commands. */
  readonly missing: readonly string[];
}

const CONTROL_TYPES = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const;
export type ControlType = (typeof CONTROL_TYPES)[number];

interface ControlPolicy {
  /** Of a policy of S3: what it assigns to Block Public Access. */
  readonly publicAccessBlock: string | undefined;
  readonly id: string;
  readonly type: string;
  readonly document: PolicyDocument | null;
}

/** Of a resource's side only assuming a role is asked; most resource control policies are about data. */
function matters({ type, document }: ControlPolicy): boolean {
  return (
    type === 'SERVICE_CONTROL_POLICY' ||
    document?.statements.some((each) => !each.allows && matchesAction(each, 'sts:assumerole')) === true
  );
}

const NO_CONTROLS: AccountControls = { levels: [], key: '', missing: [] };
const LEVELS_MAX = 8;
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Sid: 'FullAWSAccess' }],
};

/** Types that tell of the organisation. They are filed under the account whose answers they are, and hold for all. */
export const ORGANISATION_TYPES: readonly string[] = [
  'organization',
  'organization-policy',
  'organization-policy-content',
  'organization-policy-target',
  'organization-parent',
  'organization-name',
  'organization-tags',
  'organization-delegated-administrator',
];

/** What was described of the organisation that the accounts belong to. */
export class AwsOrganisation {
  /** `o-…`; undefined where nobody described it. */
  readonly id: string | undefined;
  readonly managementAccount: string | undefined;
  /** Accounts that administer services for it; undefined where nobody described them. */
  readonly delegated: ReadonlySet<string> | undefined;
  /** The kinds of control policies of which none was described: all answers assume that there is none. */
  readonly assumedAbsent: readonly ControlType[];
  readonly #parents = new Map<string, string>();
  readonly #named = new Set<string>();
  readonly #attached = new Map<string, ControlPolicy[]>();
  readonly #untargeted: readonly ControlPolicy[];
  readonly #compiler: PolicyCompiler;
  readonly #controls = new Map<string, AccountControls>();

  constructor(estate: AwsEstate, compiler: PolicyCompiler) {
    this.#compiler = compiler;
    const [organisation] = estate.ofType('organization');
    const facts = organisation && readFacts(ORGANIZATION, organisation.facts);
    this.id = facts?.Id;
    this.managementAccount = facts?.MasterAccountId;
    const delegated = estate.ofType('organization-delegated-administrator');
    this.delegated =
      delegated.length === 0
        ? undefined
        : new Set(delegated.flatMap((each) => readFacts(DELEGATED_ADMINISTRATOR, each.facts).Id ?? []));
    for (const each of estate.ofType('organization-parent')) {
      const { Child, Parent } = readFacts(ORGANIZATION_PARENT, each.facts);
      if (Child !== undefined && Parent !== undefined) this.#parents.set(Child, Parent);
    }
    for (const each of estate.ofType('organization-name'))
      this.#named.add(readFacts(ORGANIZATION_NAME, each.facts).Id ?? '');
    const contents = new Map(
      estate.ofType('organization-policy-content').map((each) => {
        const facts = readFacts(ORGANIZATION_POLICY, each.facts);
        return [facts.Id, facts];
      }),
    );
    const policies = new Map(
      estate.ofType('organization-policy').flatMap((each): [string, ControlPolicy][] => {
        const own = readFacts(ORGANIZATION_POLICY, each.facts);
        const { Id, Type } = own;
        if (Id === undefined) return [];
        const Document = own.Document ?? contents.get(Id)?.Document;
        const publicAccessBlock = own.PublicAccessBlock ?? contents.get(Id)?.PublicAccessBlock;
        const known =
          Document ?? (/^p-Full(?:AWSAccess)$|^p-RCPFullAWSAccess$/.test(Id) ? EVERYTHING : undefined);
        const document = known === undefined ? null : compiler.compile(known);
        return [[Id, { id: Id, type: Type ?? 'SERVICE_CONTROL_POLICY', document, publicAccessBlock }]];
      }),
    );
    const described = new Set([...policies.values()].map(({ type }) => type));
    this.assumedAbsent = CONTROL_TYPES.filter((type) => !described.has(type));
    const targeted = new Set<string>();
    for (const each of estate.ofType('organization-policy-target')) {
      const { PolicyId, TargetId } = readFacts(ORGANIZATION_POLICY_TARGET, each.facts);
      const policy = PolicyId === undefined ? undefined : policies.get(PolicyId);
      if (policy === undefined || TargetId === undefined) continue;
      targeted.add(policy.id);
      addToList(this.#attached, TargetId, policy);
    }
    this.#untargeted = [...policies.values()].filter(
      ({ id, document }) => !targeted.has(id) && document?.statements.some((each) => !each.allows) === true,
    );
  }

  /** Whether an account is known to be one of the organisation's. */
  has(account: string): boolean {
    return account === this.managementAccount || this.#parents.has(account) || this.#named.has(account);
  }

  /**
   * Where an account stands in it. Accounts are described together with the organisation whose answers are there; the
   * way down is known where it was told up to the root.
   */
  membershipOf(account: string): Membership {
    const path = this.#wayUp(account);
    const isWhole = this.id !== undefined && path.at(-1)?.startsWith('r-') === true;
    const units = path.slice(1).reverse();
    return {
      organisation: this.id,
      organisationPath: isWhole ? `${[this.id, ...units].join('/')}/` : undefined,
    };
  }

  /** Whether an account administers the organisation, or a service for it; what was delegated is not told. */
  administers(account: string): Certainty {
    if (this.managementAccount === account) return CERTAIN;
    if (this.managementAccount === undefined || this.delegated === undefined) return UNDECIDED;
    return this.delegated.has(account) ? UNDECIDED : NO;
  }

  /** The policies of a type that bind an account. The management account is free of both. */
  controls(type: ControlType, account: string): AccountControls {
    if (this.assumedAbsent.includes(type) || account === this.managementAccount) return NO_CONTROLS;
    const key = `${type} ${account}`;
    const known = this.#controls.get(key) ?? this.#controlsOf(type, account);
    this.#controls.set(key, known);
    return known;
  }

  /** Whether a policy of S3 blocks public access in an account; the nearest one decides. Undefined where none says. */
  blocksPublicAccess(account: string): { readonly isOn: boolean; readonly policy: string } | undefined {
    for (const node of this.#pathOf('S3_POLICY', account, new Set()))
      for (const { id, publicAccessBlock } of this.#attached.get(node) ?? [])
        if (publicAccessBlock === 'all' || publicAccessBlock === 'none')
          return { isOn: publicAccessBlock === 'all', policy: id };
    return undefined;
  }

  #controlsOf(type: ControlType, account: string): AccountControls {
    const missing = new Set<string>();
    const levels: (readonly CompiledStatement[])[] = [];
    const hashes: string[] = [];
    for (const node of this.#pathOf(type, account, missing)) {
      const attached = (this.#attached.get(node) ?? []).filter((policy) => policy.type === type);
      for (const { id, document } of attached)
        if (document === null)
          missing.add(
            `organisation policy ${id}: ${awsCall('organizations describe-policy', [['--policy-id', id]])}`,
          );
      // Every level has at least one policy while policies are on; the one of AWS that allows everything is seldom listed.
      const documents = attached.flatMap(({ document }) => document ?? []);
      const complete = documents.some((document) => document.statements.some((each) => each.allows))
        ? documents
        : [...documents, this.#compiler.compile(EVERYTHING)];
      levels.push(complete.flatMap((document) => document.statements));
      hashes.push(complete.map(({ hash }) => hash).join('+'));
    }
    for (const { id } of this.#untargeted.filter((policy) => policy.type === type && matters(policy)))
      missing.add(
        `the targets of organisation policy ${id}: ${awsCall('organizations list-targets-for-policy', [['--policy-id', id]], id)}`,
      );
    return { levels, key: hashes.join('>'), missing: [...missing] };
  }

  /** An account, the units that it is in, the root, as far as they were told. */
  #wayUp(account: string): readonly string[] {
    const path: string[] = [];
    for (
      let node: string | undefined = account;
      node !== undefined && path.length < LEVELS_MAX;
      node = this.#parents.get(node)
    )
      path.push(node);
    return path;
  }

  #pathOf(type: string, account: string, missing: Set<string>): readonly string[] {
    const path = this.#wayUp(account);
    const top = path.at(-1) ?? account;
    if (!top.startsWith('r-') && this.#hasPoliciesAbove(type, path))
      missing.add(
        `where ${top} stands in the organisation: ${awsCall('organizations list-parents', [['--child-id', top]], top)}`,
      );
    return path;
  }

  /** Policies of the type on units and roots bind accounts below them; without any there nothing is missing. */
  #hasPoliciesAbove(type: string, path: readonly string[]): boolean {
    return [...this.#attached].some(
      ([target, policies]) =>
        !/^\d{12}$/.test(target) &&
        !path.includes(target) &&
        policies.some(
          (policy) =>
            policy.type === type &&
            (policy.document === null || policy.document.statements.some((each) => !each.allows)),
        ),
    );
  }
}
