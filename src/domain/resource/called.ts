import { capital } from '#base/text.ts';

/** Types whose words are other ones. */
const TYPES: Readonly<Record<string, string>> = {
  'app-runner-service': 'App Runner service',
  'event-bus': 'EventBridge bus',
  'gcp-firewall': 'firewall rule',
  'outside-machine': 'machine',
  'vpc-block-public-access-exclusion': 'exclusion',
};

/** Words of a type that are not written as they are spelled in it. */
const WORDS: Readonly<Record<string, string>> = {
  acl: 'ACL',
  aks: 'AKS',
  ami: 'machine image',
  api: 'API',
  appsync: 'AppSync',
  beanstalk: 'Beanstalk',
  cloudfront: 'CloudFront',
  cloudtrail: 'CloudTrail',
  codeartifact: 'CodeArtifact',
  cosmos: 'Cosmos DB',
  dynamodb: 'DynamoDB',
  ec2: 'EC2',
  ecr: 'ECR',
  ecs: 'ECS',
  efs: 'EFS',
  eks: 'EKS',
  elasticache: 'ElastiCache',
  emr: 'EMR',
  gke: 'GKE',
  glacier: 'Glacier',
  glue: 'Glue',
  http: 'HTTP',
  iam: 'IAM',
  ip: 'address',
  kafka: 'Kafka',
  lambda: 'Lambda',
  lightsail: 'Lightsail',
  kms: 'KMS',
  mariadb: 'MariaDB',
  memorydb: 'MemoryDB',
  mysql: 'MySQL',
  nic: 'network interface',
  nsg: 'network security group',
  opensearch: 'OpenSearch',
  postgresql: 'PostgreSQL',
  rds: 'RDS',
  redis: 'Redis',
  redshift: 'Redshift',
  rest: 'REST',
  run: 'Cloud Run',
  s3: 'S3',
  sagemaker: 'SageMaker',
  ses: 'SES',
  sns: 'SNS',
  sql: 'SQL',
  sqs: 'SQS',
  ssm: 'SSM',
  vm: 'virtual machine',
  vmss: 'scale set',
  vnet: 'virtual network',
  vpc: 'VPC',
};

/** A resource in a sentence, with what it is: `security group bastion`, `EC2 instance i-1`. */
export function called({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${wordsOf(type)} ${name}`;
}

/** The same where a sentence begins with it: `Security group bastion`. */
export function calledFirst(resource: Parameters<typeof called>[0]): string {
  return capital(called(resource));
}

function wordsOf(type: string): string {
  if (Object.hasOwn(TYPES, type)) return TYPES[type] as string;
  const words = type.replace(/^(?:azure|gcp)-/, '').split('-');
  return words.map((word) => (Object.hasOwn(WORDS, word) ? WORDS[word] : word)).join(' ');
}
