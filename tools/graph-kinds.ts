/** A kind of thing in the graph of resources, with the types that are read of it, or why it needs none. */
interface GraphKind {
  readonly kind: string;
  readonly types: readonly string[];
  /** What stands in its place where nothing is read, or what else there is to know. */
  readonly why?: string;
}

const kind = (name: string, types: string, why?: string): GraphKind => ({
  kind: name,
  types: types === '' ? [] : types.split(' '),
  ...(why === undefined ? {} : { why }),
});

/** Every kind of attack-paths §1.2, in its order. */
export const GRAPH_KINDS: Readonly<Record<string, readonly GraphKind[]>> = {
  'AWS organisation': [
    kind('account', 'account-alias', 'a setting of a whole account is a resource of its own kind, `account`'),
    kind('organisation, unit', 'organization organization-parent organization-name organization-tags'),
  ],
  'AWS network': [
    kind('network, subnet', 'vpc subnet'),
    kind('route table', 'route-table'),
    kind('internet gateway', 'internet-gateway'),
    kind('NAT gateway', 'nat-gateway', 'listed alone: which routes lead to it stands in the route tables'),
    kind('security group', 'security-group security-group-rule'),
    kind('network ACL', 'network-acl'),
    kind('network interface', 'network-interface'),
    kind('elastic IP', 'elastic-ip', 'listed alone: what bears it tells its address'),
    kind('prefix list', 'prefix-list prefix-list-entry'),
    kind('transit gateway', 'transit-gateway-attachment transit-gateway-route'),
    kind('peering', 'vpc-peering-connection'),
    kind('endpoint of a network', 'vpc-endpoint', 'listed alone: routes name it'),
    kind('egress-only internet gateway', '', 'routes name it, and nothing else of it decides'),
    kind('network firewall', 'network-firewall network-firewall-policy'),
    kind('VPC Block Public Access', 'vpc-block-public-access vpc-block-public-access-exclusion'),
  ],
  'AWS compute': [
    kind('instance', 'ec2-instance'),
    kind('scaling group', 'auto-scaling-group launch-configuration'),
    kind('launch template', 'launch-template-version'),
    kind('function', 'lambda-function lambda-layer event-source-mapping'),
    kind('function URL', '', 'a part of its function'),
    kind('ECS', 'ecs-cluster ecs-service ecs-task-definition ecs-task ecs-container-instance'),
    kind(
      'EKS cluster',
      'eks-cluster eks-pod-identity-association eks-access-entry eks-access-entry-list eks-access-policies',
    ),
    kind(
      'EKS node group',
      '',
      'its machines are instances, and its scaling group is the resource of what is found on them',
    ),
    kind('AMI, volume, snapshot', 'ami volume snapshot'),
    kind('App Runner', 'app-runner-service'),
    kind('Batch', '', 'not read: its jobs run as tasks of ECS and on instances, which are'),
    kind('SageMaker notebook', 'sagemaker-notebook'),
    kind('Glue', 'glue-job glue-dev-endpoint glue-catalog'),
    kind('CodeBuild', 'codebuild-project'),
    kind('stack', 'cloudformation-stack', 'sets of stacks are not read: each account lists its stacks'),
    kind('state machine', 'state-machine'),
    kind('Beanstalk', 'beanstalk-environment'),
    kind('code interpreter', 'bedrock-code-interpreter'),
  ],
  'AWS edge': [
    kind('load balancer', 'load-balancer classic-load-balancer'),
    kind('listener', 'listener listener-rule'),
    kind('target group', 'target-group target-health'),
    kind('API', 'rest-api http-api api-domain'),
    kind('stage, route', 'api-stage api-route api-integration api-mapping'),
    kind('CloudFront', 'cloudfront-distribution cloudfront-vpc-origin'),
    kind('web ACL', 'web-acl-association', 'its rules are not looked at'),
    kind('Cognito user pool', '', 'not read: that a listener or a route asks it for a login stands there'),
    kind('Cognito identity pool', 'cognito-identity-pool'),
    kind('AppSync', 'appsync-api'),
  ],
  'AWS data': [
    kind('bucket', 's3-bucket s3-access-point s3-object-acl s3-account-public-access-block'),
    kind(
      'database',
      'rds-instance rds-cluster rds-snapshot rds-cluster-snapshot',
      'DocumentDB and Neptune too',
    ),
    kind('DynamoDB table', 'dynamodb-table'),
    kind('secret', 'secret'),
    kind(
      'parameter',
      '',
      'has no policy of its own: who may read parameters is decided by the rights over all of an account',
    ),
    kind('key', 'kms-key'),
    kind('Redshift', 'redshift-cluster redshift-workgroup redshift-subnet-group'),
    kind('OpenSearch', 'opensearch-domain opensearch-collection'),
    kind('file system', 'efs-file-system'),
    kind('queue, topic', 'sqs-queue sns-topic'),
    kind('cache', 'elasticache-cluster memorydb-cluster'),
    kind('MSK', 'kafka-cluster'),
  ],
  'AWS identity': [
    kind('user, group, role', 'iam-user iam-group iam-role iam-root'),
    kind('policy', 'iam-policy'),
    kind(
      'statement',
      '',
      'a gate of the steps that it allows, by the name of its policy and its place in it',
    ),
    kind('instance profile', 'instance-profile'),
    kind('provider', 'oidc-provider saml-provider'),
    kind('access key', 'iam-access-key'),
    kind('permission set', '', 'not read: each account lists the role that is made of it'),
    kind(
      'policy of the organisation',
      'organization-policy organization-policy-content organization-policy-target',
    ),
    kind('Roles Anywhere anchor', '', 'not read: a role that trusts the service is told by its trust policy'),
  ],
  'Registry and code': [
    kind('image repository', 'ecr-repository ecr-public-repository'),
    kind(
      'image',
      '',
      'a resource of its own kind, `image`: registry and repository; digests and tags are locations',
    ),
    kind('repository', '', 'a resource of its own kind, `repository`'),
    kind(
      'pipeline',
      '',
      'the repository stands for it: roles that trust its tokens, and flaws that are found in its files',
    ),
    kind(
      'organisation, branch protection, runner, deploy key of GitHub',
      '',
      'not read: no inventory that is read here tells them',
    ),
  ],
  Kubernetes: [
    kind('cluster', '', 'a resource of its own kind, `cluster`'),
    kind('namespace, node', 'namespace node'),
    kind('workload, pod', 'workload pod'),
    kind('container', '', 'a part of its workload or pod'),
    kind('service', 'service endpoint-slice endpoints'),
    kind(
      'ingress, gateway, route',
      'ingress gateway http-route route istio-gateway virtual-service knative-route',
    ),
    kind('service account', 'service-account'),
    kind('role, binding', 'role cluster-role role-binding cluster-role-binding'),
    kind('reference to a secret', 'secret', 'names of its keys alone; who mounts it stands in the workload'),
    kind('network policy', 'network-policy calico-network-policy'),
    kind(
      'delivery from a repository (Argo CD, Flux)',
      'argo-application argo-project flux-git-repository flux-kustomization flux-helm-release',
    ),
  ],
  Azure: [
    kind(
      'management group, subscription, resource group',
      'azure-management-group azure-subscription azure-resource-group',
    ),
    kind(
      'network',
      'azure-vnet azure-subnet azure-nsg azure-route-table azure-public-ip azure-nic azure-perimeter-association azure-perimeter-rule',
    ),
    kind(
      'front',
      'azure-load-balancer azure-app-gateway azure-front-door azure-front-door-endpoint azure-front-door-origin azure-api-management',
    ),
    kind('machine', 'azure-vm azure-vmss'),
    kind('app, function', 'azure-web-app azure-function-app azure-site-config'),
    kind(
      'container',
      'azure-aks-cluster azure-container-instance azure-container-app azure-container-environment azure-container-registry',
    ),
    kind(
      'store',
      'azure-storage-account azure-blob-container azure-sql-server azure-sql-managed-instance azure-redis azure-managed-redis azure-app-configuration azure-key-vault azure-cosmos-account azure-mysql-server azure-postgresql-server azure-mariadb-server azure-database-firewall-rule azure-search-service azure-cognitive-account',
    ),
    kind(
      'identity',
      'azure-managed-identity entra-service-principal entra-application entra-user entra-group entra-membership entra-consent',
    ),
    kind(
      'assignment of a role',
      'azure-role-assignment azure-role-definition azure-role-eligibility entra-role-assignment',
    ),
  ],
  'Google Cloud': [
    kind('organisation, folder, project', 'gcp-organization gcp-folder gcp-project gcp-org-policy'),
    kind(
      'network',
      'gcp-network gcp-firewall gcp-firewall-policy gcp-forwarding-rule gcp-backend-service gcp-backend-bucket gcp-target-pool gcp-target-proxy gcp-url-map gcp-endpoint-group gcp-perimeter gcp-access-level',
    ),
    kind(
      'subnet, address',
      '',
      'not read: a machine and a forwarding rule tell their addresses, and rules of firewalls hold for networks',
    ),
    kind('machine', 'gcp-instance gcp-instance-group gcp-instance-group-manager'),
    kind('serverless, cluster', 'gcp-run-service gcp-function gcp-gke-cluster'),
    kind(
      'App Engine',
      '',
      'not read: of who reaches its services nothing is said, as ingress settings and rules of its firewall are not looked at',
    ),
    kind(
      'store',
      'gcp-bucket gcp-sql-instance gcp-dataset gcp-secret gcp-kms-key gcp-key-ring gcp-artifact-repository gcp-topic gcp-subscription',
    ),
    kind(
      'service account',
      'gcp-service-account',
      'its keys are not read: who may make one is decided by its policy',
    ),
    kind('group', 'gcp-group gcp-membership'),
    kind('workload identity', 'gcp-workload-identity', 'pools are not read: members of policies name them'),
    kind('binding', 'gcp-iam-policy gcp-deny-policy gcp-role'),
  ],
  'Outside clouds': [
    kind('service', '', 'no resource: a name that resources have, counted in the impact beside them'),
    kind(
      'host, endpoint',
      '',
      'resources of their own kinds, `host` and `endpoint`; `outside-machine` where only the targets of a load balancer tell of it',
    ),
    kind('package', '', 'where a finding is; packages of bills of materials are kept beside their resource'),
    kind('finding', '', 'its fingerprint names the resource that it affects'),
    kind('team, person', '', 'names of owners, with their sources'),
    kind('class of data', '', 'a fact of the store that holds it'),
  ],
  'Made up': [
    kind(
      'the internet, any account of AWS, a vendor, one’s own networks',
      '',
      'where paths begin, and audiences of what is exposed',
    ),
    kind('control of an account, subscription, project or cluster', '', 'what paths lead to'),
  ],
};
