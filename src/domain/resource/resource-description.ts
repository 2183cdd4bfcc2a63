/**
 * A resource as a report names it. Formats describe, `resource-key.ts` gives the one spelling
 * (design: identity, resource). A name that the report does not tell is null, never invented.
 */
export type ResourceDescription =
  | ImageDescription
  | RepositoryDescription
  | ArtifactDescription
  | CloudObjectDescription
  | AccountDescription
  | KubernetesObjectDescription
  | ClusterDescription
  | HostDescription
  | EndpointDescription;

export interface ImageDescription {
  readonly kind: 'image';
  /** As the report spells it, tag and digest included: `nginx:1.25`, `123.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:…`. */
  readonly reference: string;
  /** Registry digest (`sha256:…`), from RepoDigests or the reference. */
  readonly digest?: string | undefined;
  /** Config digest, which local tools call the image id. */
  readonly imageId?: string | undefined;
  /** All tags that the report lists, whole references. */
  readonly tags?: readonly string[] | undefined;
  /** `linux/amd64`. */
  readonly platform?: string | undefined;
  /** The report shows a registry digest for this name, so a name without registry is Docker Hub's. */
  readonly inRegistry?: boolean | undefined;
}

export interface RepositoryDescription {
  readonly kind: 'repository';
  /** A clone address or `host/owner/name`; null when the report names none. */
  readonly name: string | null;
}

/** Files that were scanned: a folder, an archive, a package, the component an SBOM is about. */
export interface ArtifactDescription {
  readonly kind: 'artifact';
  readonly name: string | null;
}

export interface CloudObjectDescription {
  readonly kind: 'cloud';
  readonly provider: CloudProvider;
  /** ARN, Azure resource id, or GCP full resource name; a bare id with `type`, `account` and `region` beside it. */
  readonly id: string;
  /** The kind as this product spells it (`ec2-instance`, `s3-bucket`, `iam-role`), where the report tells. */
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export type CloudProvider = 'aws' | 'azure' | 'gcp' | 'github' | 'microsoft365' | 'other';

/** A setting of an account as a whole, or of one of its regions. */
export interface AccountDescription {
  readonly kind: 'account';
  readonly provider: CloudProvider;
  readonly account: string;
  readonly region?: string | undefined;
}

export interface KubernetesObjectDescription {
  readonly kind: 'kubernetes';
  /** ARN, kube-system UID, or the name the report gives; null when it gives none. */
  readonly cluster: string | null;
  /** API group without version, empty for the core group. */
  readonly group: string;
  readonly objectKind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
}

export interface ClusterDescription {
  readonly kind: 'cluster';
  readonly cluster: string | null;
}

export interface HostDescription {
  readonly kind: 'host';
  /** Host name, FQDN or address, as the report says. */
  readonly name: string;
  /** Cloud instance id or agent id, stronger than any name. */
  readonly instanceId?: string | undefined;
}

export interface EndpointDescription {
  readonly kind: 'endpoint';
  readonly url: string;
}
