import { awsCall, nameInArn } from '../resource/aws-call.ts';
import { calledFirst } from '../resource/called.ts';
import { DB_SNAPSHOT, MACHINE_IMAGE, SNAPSHOT, SSM_DOCUMENT } from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** Who may copy a snapshot of a volume. */
export function exposeSnapshot(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { CreateVolumePermissions } = estate.facts(SNAPSHOT, resource);
  return shared(
    resource,
    CreateVolumePermissions,
    'createVolumePermission',
    `who may use ${resource.name}: ${awsCall('ec2 describe-snapshot-attribute', [
      ['--snapshot-id', nameInArn(resource.key.slice('aws:'.length))],
      ['--attribute', 'createVolumePermission'],
    ])}`,
  );
}

/** Who may restore a snapshot of a database. */
export function exposeDbSnapshot(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { Restore, Encrypted, KmsKeyId } = estate.facts(DB_SNAPSHOT, resource);
  const records = shared(
    resource,
    Restore,
    'restore',
    `who may restore ${resource.name}: ${restoreCall(resource)}`,
  );
  if (Encrypted !== true || KmsKeyId?.includes('alias/aws/rds') !== true) return records;
  // AWS refuses to share what its own key encrypts, so one of the two descriptions is old.
  return records.map((record) =>
    record.verdict === 'yes'
      ? unsettledWay(
          [
            `a newer description of ${resource.name}, which is encrypted with AWS's own key and cannot be shared: aws rds describe-db-snapshots`,
          ],
          record.evidence,
          record,
        )
      : record,
  );
}

/** Snapshots of clusters have calls of their own. */
function restoreCall({ type, name }: EstateResource): string {
  return type === 'rds-cluster-snapshot'
    ? awsCall('rds describe-db-cluster-snapshot-attributes', [['--db-cluster-snapshot-identifier', name]])
    : awsCall('rds describe-db-snapshot-attributes', [['--db-snapshot-identifier', name]]);
}

/** Who may start a machine image. */
export function exposeMachineImage(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { Public, ImageOwnerAlias, OwnerId } = estate.facts(MACHINE_IMAGE, resource);
  const isForeign = OwnerId !== undefined && resource.account !== null && OwnerId !== resource.account;
  if (ImageOwnerAlias === 'amazon' || ImageOwnerAlias === 'aws-marketplace' || isForeign)
    return [
      closedWay([
        evidence(
          `${calledFirst(resource)} is an image of ${ImageOwnerAlias ?? OwnerId}, not of this account.`,
          resource,
        ),
      ]),
    ];
  // A list of images names everybody's, so that one alone does not make its owner an account that was described.
  if (Public === true && estate.derived(holdsImagesAlone))
    return [
      unsettledWay(
        [
          `whether account ${resource.account}, which owns ${resource.name}, is one of yours: aws ec2 describe-instances, or anything else of it`,
        ],
        [],
        { surface: 'copy', audience: 'any-aws-account', auth: 'iam' },
      ),
    ];
  return shared(
    resource,
    Public === undefined ? undefined : Public ? ['all'] : [],
    'launchPermission',
    `whether ${resource.name} is public: aws ec2 describe-images --owners self`,
  );
}

/** Types by which no account is known to be one of ours. */
export const IMAGES_ALONE: readonly string[] = ['ami', 'inventory-listing'];

const holdsImagesAlone = (estate: AwsEstate): boolean => estate.holdsOnly(...IMAGES_ALONE);

/** Who may run a document of Systems Manager. */
export function exposeDocument(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { Owner, AccountIds } = estate.facts(SSM_DOCUMENT, resource);
  if (Owner === 'Amazon')
    return [
      closedWay([
        evidence(`${calledFirst(resource)} is a document of Amazon, not of this account.`, resource),
      ]),
    ];
  return shared(
    resource,
    AccountIds?.map((id) => id.toLowerCase()),
    'share permission',
    `who may use ${resource.name}: ${awsCall(
      'ssm describe-document-permission',
      [
        ['--name', resource.name],
        ['--permission-type', 'Share'],
      ],
      resource.name,
    )}`,
  );
}

function shared(
  resource: EstateResource,
  accounts: readonly string[] | undefined,
  gate: string,
  missing: string,
): readonly ExposureRecord[] {
  if (accounts === undefined) return [unsettledWay([missing])];
  if (accounts.includes('all'))
    return [
      openWay(
        { surface: 'copy', audience: 'any-aws-account', auth: 'iam', gates: [`${gate} all`] },
        evidence(`${calledFirst(resource)} may be copied by every AWS account.`, resource),
      ),
    ];
  const others = accounts.filter((account) => account !== resource.account);
  if (others.length === 0)
    return [closedWay([evidence(`${calledFirst(resource)} is shared with nobody.`, resource)])];
  return [
    openWay(
      {
        surface: 'copy',
        audience: 'partner',
        auth: 'iam',
        gates: others.slice(0, 20).map((account) => `${gate} ${account}`),
      },
      evidence(
        `${calledFirst(resource)} is shared with named accounts only: ${others.slice(0, 4).join(', ')}.`,
        resource,
      ),
    ),
  ];
}
