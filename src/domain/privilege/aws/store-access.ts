import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { bucketCall } from '../../exposure/aws-bucket-opening.ts';
import { keyPolicyCall } from '../../exposure/aws-policy-services.ts';
import { awsCall } from '../../resource/aws-call.ts';
import {
  ACCESS_POINT,
  BUCKET,
  POLICY_HOLDER,
  type PolicyHolderFacts,
  TABLE,
} from '../../resource/facts/aws-facts.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { AwsOrganisation } from './aws-organisation.ts';
import { type Caller, NO_REQUEST, type Question, type Target } from './caller.ts';
import { CERTAIN, type Certainty, NO, stronger, UNDECIDED, WEAKENED, weaker } from './certainty.ts';
import { ownLevels, type Readable, STORES } from './class-privileges.ts';
import { certaintyOf, type ResourceSide } from './decide.ts';
import type { IamAccount } from './iam-account.ts';
import { arnOf } from './iam-principal.ts';
import { grantStatements } from './key-grants.ts';
import { EVERYTHING } from './own-escalation.ts';
import type { CompiledStatement, PolicyCompiler, PolicyDocument } from './policy-document.ts';
import { awsPrincipals } from './policy-principal.ts';
import type { PrincipalClass } from './principal-class.ts';
import type { Rights } from './rights.ts';

/** An access point of a bucket: another way to its objects, on which both policies have a say. */
interface AccessPoint {
  readonly arn: string;
  readonly account: string;
  readonly isInNetwork: boolean;
  readonly policy: PolicyDocument | null;
}

/**
 * With which key of KMS a store is encrypted: whoever may not decrypt reads nothing. Null where none has a say; `aws` is the
 * one that AWS keeps for a service in each account, which lets in all of the account and nobody else.
 */
type EncryptionKey =
  | Store
  | 'aws'
  /** Nobody described it; `account` is its own, where that is told. */
  | { readonly missing: string; readonly account: string }
  | null;

/** What holds data and whose own side has a say in who reads it. */
interface Store {
  readonly account: IamAccount;
  readonly resource: EstateResource;
  /** In the account's list of the type. */
  readonly place: number;
  readonly target: Target;
  readonly name: string;
  readonly side: ResourceSide;
  readonly points: readonly AccessPoint[];
  readonly key: EncryptionKey;
  /** Whether it may answer two principals with the same rights differently. */
  readonly isPersonal: boolean;
  /** What was answered to classes, by their numbers. */
  readonly answers: Map<number, Certainty>;
}

/** The stores of all accounts that a question about one action is about. */
interface Asked {
  readonly type: string;
  readonly action: string;
  /** By account: those that may refuse who has the right. */
  readonly limited: ReadonlyMap<string, readonly Store[]>;
  /** By account: buckets with access points. */
  readonly pointed: ReadonlyMap<string, readonly Store[]>;
  /** By the names in their Allows. */
  readonly named: ReadonlyMap<string, readonly Store[]>;
  /** Those that let in anybody of whom something is true. */
  readonly open: readonly Store[];
}

/** A class, as far as its rights to data go. */
interface AskingClass {
  readonly number: number;
  readonly of: PrincipalClass;
  readonly account: IamAccount;
}

/**
 * What stores of data themselves say of who reads them: their policies, the grants of keys and the access points of
 * buckets, which refuse whoever has the right, and let in whoever has none (attack-paths §3.1, steps 1, 2, 4, 8 and 9).
 * Nobody is privileged by what a store lets everybody do.
 */
export class StoreAccess {
  readonly #asked: readonly Asked[];
  readonly #organisation: AwsOrganisation;
  readonly #compiler: PolicyCompiler;
  readonly #now: Instant;
  /** Keys by ARN, and by their account and id. */
  readonly #keys = new Map<string, Store>();

  constructor(
    accounts: Iterable<IamAccount>,
    organisation: AwsOrganisation,
    compiler: PolicyCompiler,
    now: Instant,
  ) {
    this.#organisation = organisation;
    this.#compiler = compiler;
    this.#now = now;
    const all = [...accounts];
    const keysFirst = [...STORES].sort(([, a], [, b]) => Number(isKey(b)) - Number(isKey(a)));
    this.#asked = keysFirst.map(([type, action]) => this.#askedFor(type, action, all));
  }

  /** What a principal reads by both sides; null where that is what its own policies say. */
  readableBy(asking: AskingClass, caller: Caller): Readable | null {
    const changed = new Map<string, { readonly levels: Uint8Array; readonly missing: Map<number, string> }>();
    const elsewhere: Readable['elsewhere'][number][] = [];
    for (const asked of this.#asked) {
      const { type, action } = asked;
      const base = ownLevels(asking.of, asking.account, type, action);
      for (const store of this.#concerning(asked, asking, caller, base)) {
        const before = store.account === asking.account ? (base?.[store.place] ?? NO) : NO;
        const certainty = this.#certainty(asking, caller, store, action, before as Certainty);
        if (certainty === before) continue;
        if (store.account !== asking.account) {
          const missing = certainty === UNDECIDED ? whatSettles(store) : [];
          elsewhere.push({ account: store.account.id, type, place: store.place, certainty, missing });
          continue;
        }
        const own = changed.get(action) ?? {
          levels: Uint8Array.from(base ?? new Uint8Array(asking.account.stores(type).list.size)),
          missing: new Map(),
        };
        changed.set(action, own);
        own.levels[store.place] = certainty;
        if (store.side.policy === undefined) own.missing.set(store.place, store.side.command);
      }
    }
    if (changed.size === 0 && elsewhere.length === 0) return null;
    return {
      levels: (type, action) =>
        changed.get(action)?.levels ?? ownLevels(asking.of, asking.account, type, action),
      missing: (action, place) => changed.get(action)?.missing.get(place),
      elsewhere,
    };
  }

  #concerning(
    { limited, pointed, named, open }: Asked,
    { account }: AskingClass,
    { arn, account: own, uniqueId, kind }: Caller,
    base: ArrayLike<number> | null,
  ): ReadonlySet<Store> {
    const stores = new Set<Store>();
    if (base !== null) {
      for (const store of limited.get(account.id) ?? []) if (base[store.place] !== NO) stores.add(store);
      for (const store of pointed.get(account.id) ?? []) if (base[store.place] === NO) stores.add(store);
      // In another account both sides have to allow.
      for (const store of named.get(own) ?? []) if (store.account !== account) stores.add(store);
    }
    // Nobody names a group, whose members ask themselves.
    if (kind === 'group') return stores;
    for (const store of open) stores.add(store);
    for (const name of [arn, uniqueId ?? arn, `${own} ${arn.slice(arn.lastIndexOf('/') + 1)}`])
      for (const store of named.get(name) ?? []) stores.add(store);
    return stores;
  }

  /** `via` is the service through which a key is asked. */
  #certainty(
    asking: AskingClass,
    caller: Caller,
    store: Store,
    action: string,
    before: Certainty,
    via: string | null = null,
  ): Certainty {
    const { number, of } = asking;
    const known = store.isPersonal || via !== null ? undefined : store.answers.get(number);
    if (known !== undefined) return known;
    const rights = { ...of.rights, caller };
    const ask = (over: Partial<Question>, side: ResourceSide, own: Rights = rights): Certainty =>
      certaintyOf(
        own,
        {
          caller,
          action,
          resource: store.target.arn,
          target: store.target,
          request: via === null ? NO_REQUEST : throughService(via, store, caller),
          now: this.#now,
          ...over,
        },
        side,
      );
    const { side } = store;
    // A policy that nobody described takes nothing away but from keys, of which nothing is certain without it.
    let certainty = side.policy === undefined && !isKey(action) ? before : ask({}, side);
    for (const point of store.points) {
      const request = new Map([
        ['s3:dataaccesspointarn', [point.arn]],
        ['s3:dataaccesspointaccount', [point.account]],
        ['s3:accesspointnetworkorigin', [point.isInNetwork ? 'VPC' : 'Internet']],
      ]);
      const resource = `${point.arn}/object/~`;
      const over = ask(
        { resource, target: { ...store.target, arn: resource, tags: null }, request },
        { ...side, account: point.account, policy: point.policy },
      );
      if (over === NO) continue;
      // A bucket of another account asks for its own policy alone: what the caller may do was asked of the access point.
      const isForeign = side.account !== caller.account;
      const behind = ask(
        { request },
        side,
        isForeign ? { ...rights, identity: [...rights.identity, ...this.#everything()] } : rights,
      );
      certainty = stronger(certainty, weaker(weaker(over, behind), point.isInNetwork ? WEAKENED : over));
    }
    certainty = weaker(certainty, this.#decrypts(asking, caller, store, action));
    if (!store.isPersonal && via === null) store.answers.set(number, certainty);
    return certainty;
  }

  /** A key of which nobody described the policy takes nothing away in its own account. */
  #decrypts(asking: AskingClass, caller: Caller, { key, account }: Store, action: string): Certainty {
    const own = asking.account.id;
    if (key === null) return CERTAIN;
    if (key === 'aws') return account.id === own ? CERTAIN : NO;
    if ('missing' in key) return key.account === own ? CERTAIN : UNDECIDED;
    if (key.side.policy === undefined && key.account.id === own) return CERTAIN;
    const [service = ''] = action.split(':');
    const levels = ownLevels(asking.of, asking.account, 'kms-key', DECRYPT);
    const before = key.account.id === own ? (levels?.[key.place] ?? NO) : NO;
    return this.#certainty(asking, caller, key, DECRYPT, before as Certainty, service);
  }

  #keyOf(type: string, account: IamAccount, resource: EstateResource): EncryptionKey {
    if (type === 'secret') {
      const { KmsKeyId } = account.estate.facts(POLICY_HOLDER, resource);
      if (KmsKeyId === undefined)
        return {
          missing: `the key of ${resource.name}: aws secretsmanager list-secrets of account ${account.id}`,
          account: account.id,
        };
      return this.#keyNamed(KmsKeyId, account);
    }
    if (type === 'dynamodb-table') {
      // DynamoDB decrypts for whoever asks it (its documentation, on behalf of the user who is accessing the table).
      const { TableStatus, SSEDescription } = account.estate.facts(TABLE, resource);
      const name = SSEDescription?.KMSMasterKeyArn;
      if (name !== undefined) return this.#keyNamed(name, account);
      if (TableStatus !== undefined || SSEDescription !== undefined) return null;
      const command = awsCall('dynamodb describe-table', [['--table-name', resource.name]]);
      return { missing: `the key of ${resource.name}: ${command}`, account: account.id };
    }
    if (type !== 's3-bucket') return null;
    // What lies in a bucket is taken to be encrypted as the bucket encrypts what comes in.
    const { DefaultEncryption, EncryptionKey } = account.estate.facts(BUCKET, resource);
    if (DefaultEncryption?.startsWith('aws:kms') !== true) return null;
    return EncryptionKey === undefined ? 'aws' : this.#keyNamed(EncryptionKey, account);
  }

  #keyNamed(name: string, account: IamAccount): EncryptionKey {
    if (OF_AWS.test(name)) return 'aws';
    const id = name.replace(/^.*key\//, '');
    const key = this.#keys.get(name) ?? this.#keys.get(`${account.id} ${id}`);
    if (key !== undefined)
      return account.estate.facts(POLICY_HOLDER, key.resource).KeyManager === 'AWS' ? 'aws' : key;
    const [, owner = account.id] = /^arn:[^:]*:kms:[^:]*:(\d{12}):/.exec(name) ?? [];
    return { missing: `the policy of the key ${name}: ${keyPolicyCall(id)}`, account: owner };
  }

  #everything(): readonly CompiledStatement[] {
    return this.#compiler.compile(EVERYTHING).statements;
  }

  #askedFor(type: string, action: string, accounts: readonly IamAccount[]): Asked {
    const limited = new Map<string, Store[]>();
    const pointed = new Map<string, Store[]>();
    const named = new Map<string, Store[]>();
    const open: Store[] = [];
    for (const account of accounts) {
      const points = type === 's3-bucket' ? accessPoints(account) : new Map<string, EstateResource[]>();
      for (const [place, resource] of account.estate.ofType(type).entries()) {
        const facts = account.estate.facts(POLICY_HOLDER, resource);
        const policy = this.#policyOf(facts, action);
        const grants = this.#grantsOf(facts);
        const own = (points.get(resource.name) ?? []).map((point) => this.#pointOf(account, point));
        const { levels, missing } = this.#organisation.controls('RESOURCE_CONTROL_POLICY', account.id);
        const isAbout = (statement: CompiledStatement): boolean => matchesAction(statement, action);
        const said = [
          ...(policy?.statements ?? []),
          ...grants,
          ...own.flatMap((each) => each.policy?.statements ?? []),
        ].filter(isAbout);
        const key = this.#keyOf(type, account, resource);
        const decrypting = isStore(key) ? key : null;
        const store: Store = {
          account,
          resource,
          place,
          target: account.stores(type).list.targets[place] as Target,
          name: resource.name,
          side: {
            account: account.id,
            policy,
            grants,
            command: `the policy of ${resource.name}: ${isKey(action) ? keyPolicyCall(resource.name) : bucketCall('get-bucket-policy', resource.name)}`,
            controls: levels,
            missing,
          },
          points: own,
          key,
          isPersonal:
            decrypting?.isPersonal === true ||
            [...said, ...levels.flat().filter(isAbout)].some(looksAtCaller),
          answers: new Map(),
        };
        if (isKey(action)) {
          this.#keys.set(store.target.arn, store);
          this.#keys.set(`${account.id} ${store.target.arn.replace(/^.*key\//, '')}`, store);
        }
        const refuses = [...said, ...levels.flat().filter(isAbout)].some(({ allows }) => !allows);
        if (refuses || decrypting !== null || (isKey(action) && !leavesItToIam(policy, action, account)))
          addToList(limited, account.id, store);
        if (own.length > 0) addToList(pointed, account.id, store);
        for (const name of new Set(said.flatMap(namesIn))) addToList(named, name, store);
        if (said.some((each) => each.allows && isForAnybody(each) && each.isPersonal)) open.push(store);
      }
    }
    return { type, action, limited, pointed, named, open };
  }

  /** What a policy lets everybody do singles out nobody; of a key it takes the right to ask IAM with it. */
  #policyOf({ Policy }: PolicyHolderFacts, action: string): PolicyDocument | undefined {
    if (Policy === undefined) return undefined;
    const document = this.#compiler.compile(Policy);
    const isForAll = (each: CompiledStatement): boolean =>
      each.allows && each.tests.length === 0 && isForAnybody(each);
    return isKey(action) || !document.statements.some(isForAll)
      ? document
      : { ...document, statements: document.statements.filter((each) => !isForAll(each)) };
  }

  #grantsOf(facts: PolicyHolderFacts): readonly CompiledStatement[] {
    const Statement = grantStatements(facts);
    return Statement.length === 0
      ? []
      : this.#compiler.compile({ Version: '2012-10-17', Statement }).statements;
  }

  #pointOf({ estate, id }: IamAccount, point: EstateResource): AccessPoint {
    const { AccessPointArn, NetworkOrigin, Policy } = estate.facts(ACCESS_POINT, point);
    return {
      arn: arnOf(point, AccessPointArn),
      account: point.account ?? id,
      isInNetwork: NetworkOrigin === 'VPC',
      policy: Policy === undefined ? null : this.#compiler.compile(Policy),
    };
  }
}

function accessPoints({ estate }: IamAccount): ReadonlyMap<string, readonly EstateResource[]> {
  return Map.groupBy(
    estate.ofType('s3-access-point'),
    (point) => estate.facts(ACCESS_POINT, point).Bucket ?? '',
  );
}

const DECRYPT = 'kms:decrypt';

/** Names of the keys that AWS keeps: `alias/aws/secretsmanager`. */
const OF_AWS = /(?:^|:)alias\/aws\//;

function isStore(key: EncryptionKey): key is Store {
  return key !== null && key !== 'aws' && !('missing' in key);
}

/** What would tell whether somebody of another account reads it. */
function whatSettles({ side, key }: Store): readonly string[] {
  if (side.policy === undefined) return [side.command];
  if (key === null || key === 'aws') return [];
  if ('missing' in key) return [key.missing];
  return key.side.policy === undefined ? [key.side.command] : [];
}

/** What a service brings that asks a key for whoever asked the service. */
function throughService(service: string, key: Store, { account }: Caller): Question['request'] {
  const region = key.target.arn.split(':')[3] ?? '';
  return new Map([
    ['kms:viaservice', [`${service}.${region}.amazonaws.com`]],
    ['kms:calleraccount', [account]],
  ]);
}

function isKey(action: string): boolean {
  return action.startsWith('kms:');
}

/** Whether a key's policy, which refuses nobody, leaves all of it to the policies of its account, as the one does with which keys are made. */
function leavesItToIam(policy: PolicyDocument | undefined, action: string, { id }: IamAccount): boolean {
  return (policy?.statements ?? []).some(
    (statement) =>
      statement.tests.length === 0 &&
      matchesAction(statement, action) &&
      awsPrincipals(statement.principal).some((name) => accountOf(name) === id),
  );
}

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
const SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//;

function accountOf(name: string): string | undefined {
  return /^\d{12}$/.test(name) ? name : ROOT.exec(name)?.[1];
}

/** Whom an Allow names: accounts by their ids, sessions by the role that they are of. */
function namesIn({ allows, principal }: CompiledStatement): readonly string[] {
  if (!allows) return [];
  return awsPrincipals(principal).map((name) => {
    const [, account, role] = SESSION.exec(name) ?? [];
    return account === undefined ? (accountOf(name) ?? name) : `${account} ${role}`;
  });
}

function isForAnybody({ principal, notPrincipal }: CompiledStatement): boolean {
  return notPrincipal !== undefined || awsPrincipals(principal).includes('*');
}

function looksAtCaller(statement: CompiledStatement): boolean {
  return (
    statement.isPersonal ||
    statement.notPrincipal !== undefined ||
    awsPrincipals(statement.principal).some((name) => name !== '*' && accountOf(name) === undefined)
  );
}
