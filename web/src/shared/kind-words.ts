import { shownText } from './shown-text.ts';

/** Kinds of which the words say too little. */
const KINDS: Readonly<Record<string, string>> = { 'outside-machine': 'Machine in no inventory' };

/** Words of kinds that are not written in small letters. */
const WORDS: Readonly<Record<string, string>> = {
  acl: 'ACL',
  aks: 'AKS',
  ami: 'machine image',
  api: 'API',
  appsync: 'AppSync',
  aws: 'AWS',
  azure: 'Azure',
  beanstalk: 'Beanstalk',
  bedrock: 'Bedrock',
  cdn: 'CDN',
  cloudformation: 'CloudFormation',
  cloudfront: 'CloudFront',
  cloudtrail: 'CloudTrail',
  cloudwatch: 'CloudWatch',
  codeartifact: 'CodeArtifact',
  codebuild: 'CodeBuild',
  cognito: 'Cognito',
  cosmos: 'Cosmos DB',
  db: 'DB',
  dns: 'DNS',
  dynamodb: 'DynamoDB',
  ebs: 'EBS',
  ec2: 'EC2',
  ecr: 'ECR',
  ecs: 'ECS',
  efs: 'EFS',
  eks: 'EKS',
  elasticache: 'ElastiCache',
  elb: 'ELB',
  emr: 'EMR',
  eventbridge: 'EventBridge',
  fsx: 'FSx',
  gcp: 'Google Cloud',
  gke: 'GKE',
  guardduty: 'GuardDuty',
  http: 'HTTP',
  iam: 'IAM',
  ip: 'IP',
  kafka: 'Kafka',
  kms: 'KMS',
  lambda: 'Lambda',
  lightsail: 'Lightsail',
  macie: 'Macie',
  mariadb: 'MariaDB',
  memorydb: 'MemoryDB',
  mfa: 'MFA',
  mysql: 'MySQL',
  nic: 'network interface',
  nsg: 'network security group',
  oidc: 'OIDC',
  opensearch: 'OpenSearch',
  postgresql: 'PostgreSQL',
  rds: 'RDS',
  redshift: 'Redshift',
  rest: 'REST',
  route53: 'Route 53',
  s3: 'S3',
  sagemaker: 'SageMaker',
  saml: 'SAML',
  ses: 'SES',
  sns: 'SNS',
  sql: 'SQL',
  sqs: 'SQS',
  ssm: 'SSM',
  tls: 'TLS',
  url: 'URL',
  vm: 'virtual machine',
  vmss: 'scale set',
  vnet: 'virtual network',
  vpc: 'VPC',
  vpn: 'VPN',
  waf: 'WAF',
};

/** `AwsCognitoIdentityPool`, as Security Hub and scanners that follow it spell kinds. */
const OF_SECURITY_HUB = /^Aws(?=[A-Z])/;
/** `ec2-instance`, as inventories spell them here. */
const OF_INVENTORY = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const CAMEL_WORDS = /[A-Z]+(?![a-z])|[A-Z][a-z]*\d*|[a-z0-9]+/g;

/**
 * What people call a kind of resource: `EC2 instance` for `ec2-instance`, `Cognito identity pool` for
 * `AwsCognitoIdentityPool`. Any other spelling, such as `Deployment`, is a word of its own platform and stays.
 */
export function kindWords(kind: string): string {
  if (Object.hasOwn(KINDS, kind)) return KINDS[kind] as string;
  const parts = OF_INVENTORY.test(kind)
    ? kind.split('-')
    : OF_SECURITY_HUB.test(kind)
      ? (kind.replace(OF_SECURITY_HUB, '').match(CAMEL_WORDS) ?? [])
      : null;
  if (parts === null) return shownText(kind);
  const text = parts
    .map((part) => part.toLowerCase())
    .map((part) => (Object.hasOwn(WORDS, part) ? WORDS[part] : part))
    .join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
