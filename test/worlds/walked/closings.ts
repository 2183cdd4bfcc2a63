import type { Change, ReportName } from './estate.ts';

const FRONT = 'arn:aws:iam::600000000001:role';
const IAM = 'iam-get-account-authorization-details.json';
const CLUSTER = 'cluster/services,deployments,rbac.json';
const REGION = 'eu-west-1';

interface Principal {
  RoleName?: string;
  UserName?: string;
  AssumeRolePolicyDocument: { Statement: unknown[] };
  RolePolicyList: unknown[];
  UserPolicyList: unknown[];
  AttachedManagedPolicies: unknown[];
}

function json<T>(edit: (value: T) => void): (text: string) => string {
  return (text) => {
    const value = JSON.parse(text) as T;
    edit(value);
    return JSON.stringify(value);
  };
}

function iam(
  account: string,
  ...edits: readonly (readonly [name: string, edit: (of: Principal) => void])[]
): Change {
  return {
    file: `${account}/${IAM}`,
    change: json<{ UserDetailList: Principal[]; RoleDetailList: Principal[] }>((all) => {
      for (const each of [...all.UserDetailList, ...all.RoleDetailList])
        for (const [name, edit] of edits) if ((each.RoleName ?? each.UserName) === name) edit(each);
    }),
  };
}

const noRights = (of: Principal) => {
  if (of.RoleName === undefined) of.UserPolicyList = [];
  else of.RolePolicyList = [];
  of.AttachedManagedPolicies = [];
};
const trustsNobody = (of: Principal) => {
  of.AssumeRolePolicyDocument.Statement = of.AssumeRolePolicyDocument.Statement.filter(
    (each) => !JSON.stringify(each).includes('"AWS"'),
  );
};
/** Takes an ARN out of a list of what somebody may, or of whom a role trusts. */
const without = (part: 'RolePolicyList' | 'AssumeRolePolicyDocument', arn: string) => (of: Principal) => {
  const text = JSON.stringify(of[part]).replace(`"${arn}",`, '').replace(`,"${arn}"`, '');
  Object.assign(of, { [part]: JSON.parse(text) });
};

/** Only inside: the network stays open to whoever is in it. */
function inside(id: string): Change {
  return {
    file: `front/${REGION}/ec2-describe-security-groups.json`,
    change: json<{ SecurityGroups: { GroupId: string; IpPermissions: Record<string, unknown>[] }[] }>(
      ({ SecurityGroups }) => {
        for (const each of SecurityGroups)
          if (each.GroupId === id)
            for (const rule of each.IpPermissions) rule['IpRanges'] = [{ CidrIp: '10.60.0.0/16' }];
      },
    ),
  };
}

function machineWithoutRole(id: string): Change {
  return {
    file: `front/${REGION}/ec2-describe-instances.json`,
    change: json<{ Reservations: { Instances: Record<string, unknown>[] }[] }>(({ Reservations }) => {
      for (const { Instances } of Reservations)
        for (const each of Instances) if (each['InstanceId'] === id) delete each['IamInstanceProfile'];
    }),
  };
}

interface Item {
  kind: string;
  metadata: { name: string; annotations?: object };
  spec: { type: string; template: { spec: Record<string, unknown> } };
  status?: object;
  subjects?: unknown[];
}

function cluster(kind: string, name: string, edit: (item: Item) => void): Change {
  return {
    file: CLUSTER,
    change: json<{ items: Item[] }>(({ items }) => {
      for (const each of items) if (each.kind === kind && each.metadata.name === name) edit(each);
    }),
  };
}

const shut = (name: string) =>
  cluster('Service', name, (item) => {
    item.spec.type = 'ClusterIP';
    delete item.status;
  });
const noToken = (name: string) =>
  cluster('Deployment', name, ({ spec }) => {
    spec.template.spec['automountServiceAccountToken'] = false;
  });

const swap = (file: string, from: string, to: string): Change => ({
  file,
  change: (text) => text.replaceAll(from, to),
});
const report = (name: ReportName, ...words: readonly string[]): Change => ({
  report: name,
  without: words,
});

/** How somebody closes each gate, by how its sentence begins: in the files of whoever has to do it. */
export const CLOSINGS: readonly (readonly [gate: string, changes: readonly Change[]])[] = [
  [
    'close reading of tw-drop',
    [
      {
        file: 'lab/s3api-get-bucket-policy-tw-drop.json',
        change: () =>
          'An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist',
      },
    ],
  ],
  ['close tcp/443 of i-quay', [inside('sg-quay')]],
  [
    'name in the trust policy of gh-deploy',
    [
      iam('front', [
        'gh-deploy',
        (of) => Object.assign(of, JSON.parse(JSON.stringify(of).replace('repo:*', 'repo:tidewater/*'))),
      ]),
    ],
  ],
  [
    'close https://b.lambda-url',
    [swap(`front/${REGION}/lambda-list-function-url-configs-berth.json`, '"NONE"', '"AWS_IAM"')],
  ],
  ['close tcp/443 of buoy', [swap('cloud/iam-policy.ndjson', 'allUsers', 'user:ada@tidewater.example')]],
  ['close tcp/443 of anchor', [shut('anchor')]],
  ['mend CVE-2026-4005', [report('machines', 'CVE-2026-4005')]],
  ['mend CVE-2026-4007', [report('anchor', 'CVE-2026-4007')]],
  [
    'mend CVE-2026-4001 in lib4001 1.0 in i-quay',
    [report('machines', 'i-quay AWS_EC2_INSTANCE CVE-2026-4001')],
  ],
  ['mend CVE-2026-4006', [report('tides', 'CVE-2026-4006')]],
  ['revoke what lies in github.com/tidewater/tools', [report('leaked', 'deployer')]],
  [
    'revoke what lies in s3:tw-drop',
    [swap('lab/iam-list-access-keys-pier-admin.json', '"Active"', '"Inactive"')],
  ],
  ['do not mount the token of shop/tides ', [noToken('tides')]],
  [
    'give tides a service account without',
    [
      cluster('Deployment', 'tides', ({ spec }) => {
        spec.template.spec['serviceAccountName'] = 'tides-batch';
      }),
    ],
  ],
  [
    'take this from shop/anchor',
    [
      cluster('ClusterRoleBinding', 'anchor', (item) => {
        item.subjects = [];
      }),
    ],
  ],
  [
    'take the role arn:aws:iam::600000000001:role/tides-pod from',
    [
      cluster('ServiceAccount', 'tides', ({ metadata }) => {
        delete metadata.annotations;
      }),
    ],
  ],
  [
    'take roles/storage.objectViewer',
    [swap('cloud/iam-policy.ndjson', 'roles/storage.objectViewer', 'roles/browser')],
  ],
  ['take sts:AssumeRole on release from hopper', [iam('lab', ['hopper', noRights])]],
  [
    'take account 600000000003 out',
    [iam('front', ['release', without('AssumeRolePolicyDocument', 'arn:aws:iam::600000000003:role/hopper')])],
  ],
  ['take lambda:UpdateFunctionCode', [iam('front', ['release', noRights])]],
  ['take sts:AssumeRole on bridge', [iam('front', ['settler', noRights], ['bridge', trustsNobody])]],
  [
    'take account 600000000001 out of the trust policy of vault-ops',
    [iam('vault', ['vault-ops', trustsNobody])],
  ],
  [
    'take sts:AssumeRole on settler',
    [iam('front', ['bridge', without('RolePolicyList', `${FRONT}/settler`)], ['settler', trustsNobody])],
  ],
  ['take the rights of an administrator from vault-ops', [iam('vault', ['vault-ops', noRights])]],
  [
    'take tides-pod out of the policy',
    [swap(`vault/${REGION}/secretsmanager-get-resource-policy-settlement.json`, 'tides-pod', 'nobody')],
  ],
  ['run berth as a role', [swap(`front/${REGION}/lambda-list-functions.json`, 'role/berth', 'role/mole')]],
  ['take iam:AttachRolePolicy', [iam('front', ['berth', noRights])]],
  ['take the right to read tw-customers', [iam('vault', ['ledger-reader', noRights])]],
  [
    'take sts:AssumeRole on night-admin',
    [iam('front', ['gh-night', noRights], ['night-admin', trustsNobody])],
  ],
  ['run i-quay as a role', [machineWithoutRole('i-quay')]],
  ['take sts:AssumeRole on ledger-reader', [iam('front', ['quay', noRights])]],
  ['take the rights of an administrator from pier-admin', [iam('lab', ['pier-admin', noRights])]],
];
