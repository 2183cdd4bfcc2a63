import {
  A,
  absent,
  arn,
  config,
  EVERY,
  NET,
  policy,
  row,
  type Settled,
} from './formats.settled.test-sample.ts';
import { BUCKET } from './formats.settled-aws-data.test-sample.ts';

const FUNCTION = arn('lambda', 'function:f');
const FUNCTIONS = {
  'lambda-list-functions.json': { Functions: [{ FunctionArn: FUNCTION, FunctionName: 'f' }] },
} satisfies Settled['known'];
const URL_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: FUNCTION,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
  ],
});
const LAYER = arn('lambda', 'layer:l');
const GLACIER = arn('glacier', 'vaults/v');
const BACKUP = arn('backup', 'backup-vault:v');
const DOMAIN = arn('codeartifact', 'domain/d');
const REPOSITORY = arn('codeartifact', 'repository/d/r');
const TABLE = arn('dynamodb', 'table/t');
const DISTRIBUTION = `arn:aws:cloudfront::${A}:distribution/E1`;
const ACCELERATOR = `arn:aws:globalaccelerator::${A}:accelerator/1`;

const SERVICE_ROWS: readonly Settled[] = [
  row('aws lambda get-policy --function-name f > lambda-get-policy-f.json 2>&1', FUNCTIONS, {
    Policy: policy('lambda:InvokeFunction', FUNCTION),
    RevisionId: '1',
  }),
  row(
    'aws lambda get-policy --function-name f > lambda-get-policy-f.json 2>&1',
    FUNCTIONS,
    absent('ResourceNotFoundException', 'GetPolicy'),
    'no',
  ),
  row(
    'aws lambda get-function-url-config --function-name f > lambda-get-function-url-config-f.json 2>&1',
    { ...FUNCTIONS, 'lambda-get-policy-f.json': { Policy: URL_POLICY, RevisionId: '1' } },
    { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', FunctionArn: FUNCTION, AuthType: 'NONE' },
  ),
  row(
    'aws lambda get-function-url-config --function-name f > lambda-get-function-url-config-f.json 2>&1',
    { ...FUNCTIONS, 'lambda-get-policy-f.json': { Policy: URL_POLICY, RevisionId: '1' } },
    absent('ResourceNotFoundException', 'GetFunctionUrlConfig'),
    'no',
  ),
  row(
    `aws sqs get-queue-attributes --queue-url https://sqs.eu-west-1.amazonaws.com/${A}/jobs --attribute-names All`,
    { 'sqs-list-queues.json': { QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${A}/jobs`] } },
    { Attributes: { QueueArn: arn('sqs', 'jobs'), Policy: policy('sqs:SendMessage', '*') } },
  ),
  row(
    `aws sns get-topic-attributes --topic-arn ${arn('sns', 'news')}`,
    { 'sns-list-topics.json': { Topics: [{ TopicArn: arn('sns', 'news') }] } },
    { Attributes: { TopicArn: arn('sns', 'news'), Policy: policy('sns:Publish', '*') } },
  ),
  row(
    `aws secretsmanager get-resource-policy --secret-id ${arn('secretsmanager', 'secret:s-1')}`,
    {
      'secretsmanager-list-secrets.json': {
        SecretList: [{ ARN: arn('secretsmanager', 'secret:s-1'), Name: 's' }],
      },
    },
    { ARN: arn('secretsmanager', 'secret:s-1'), Name: 's' },
    'no',
  ),
  row(
    'aws kms get-key-policy --key-id k > kms-get-key-policy-k.json 2>&1',
    { 'kms-list-keys.json': { Keys: [{ KeyId: 'k', KeyArn: arn('kms', 'key/k') }] } },
    { PolicyName: 'default', Policy: policy('kms:*', '*') },
  ),
  row(
    'aws ecr get-repository-policy --repository-name team/r > ecr-get-repository-policy-team%2Fr.json 2>&1',
    {
      'ecr-describe-repositories.json': {
        repositories: [
          { repositoryArn: arn('ecr', 'repository/team/r'), repositoryName: 'team/r', registryId: A },
        ],
      },
    },
    absent('RepositoryPolicyNotFoundException', 'GetRepositoryPolicy'),
    'no',
  ),
  row(
    `aws dynamodb get-resource-policy --resource-arn ${TABLE} > dynamodb-get-resource-policy-t.json 2>&1`,
    { 'dynamodb-list-tables.json': { TableNames: ['t'] } },
    absent('PolicyNotFoundException', 'GetResourcePolicy'),
    'no',
  ),
  row(
    'aws lambda get-layer-version-policy --layer-name l --version-number VERSION > lambda-get-layer-version-policy-l.json 2>&1',
    { 'lambda-list-layers.json': { Layers: [{ LayerName: 'l', LayerArn: LAYER }] } },
    { Policy: policy('lambda:GetLayerVersion', `${LAYER}:1`), RevisionId: '1' },
  ),
  row(
    'aws events list-event-buses',
    { 'config.json': config('AWS::Events::EventBus', arn('events', 'event-bus/b'), 'b', { name: 'b' }) },
    { EventBuses: [{ Name: 'b', Arn: arn('events', 'event-bus/b') }] },
    'no',
  ),
  row(
    'aws glacier get-vault-access-policy --account-id - --vault-name v > glacier-get-vault-access-policy-v.json 2>&1',
    { 'glacier-list-vaults.json': { VaultList: [{ VaultARN: GLACIER, VaultName: 'v' }] } },
    { policy: { Policy: policy('glacier:*', GLACIER) } },
  ),
  row(
    'aws backup get-backup-vault-access-policy --backup-vault-name v > backup-get-backup-vault-access-policy-v.json 2>&1',
    {
      'backup-list-backup-vaults.json': {
        BackupVaultList: [{ BackupVaultArn: BACKUP, BackupVaultName: 'v' }],
      },
    },
    absent('ResourceNotFoundException', 'GetBackupVaultAccessPolicy'),
    'no',
  ),
  row(
    'aws ses get-identity-policies --identity example.com --policy-names POLICIES > ses-get-identity-policies-example.com.json 2>&1',
    { 'ses-list-identities.json': { Identities: ['example.com'] } },
    { Policies: { p: policy('ses:SendEmail', '*') } },
  ),
  row(
    'aws codeartifact get-domain-permissions-policy --domain d > codeartifact-get-domain-permissions-policy-d.json 2>&1',
    { 'codeartifact-list-domains.json': { domains: [{ arn: DOMAIN, name: 'd', encryptionKey: 'k' }] } },
    absent('ResourceNotFoundException', 'GetDomainPermissionsPolicy'),
    'no',
  ),
  row(
    'aws codeartifact get-repository-permissions-policy --domain d --repository r > codeartifact-get-repository-permissions-policy-r.json 2>&1',
    {
      'codeartifact-list-repositories.json': {
        repositories: [{ arn: REPOSITORY, name: 'r', domainName: 'd' }],
      },
    },
    { policy: { resourceArn: REPOSITORY, document: policy('codeartifact:*', '*') } },
  ),
  row(
    'aws eks describe-cluster --name c',
    { 'eks-list-clusters.json': { clusters: ['c'] } },
    {
      cluster: {
        name: 'c',
        arn: arn('eks', 'cluster/c'),
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: [EVERY] },
      },
    },
  ),
  row(
    'aws opensearch describe-domain --domain-name d',
    { 'opensearch-list-domain-names.json': { DomainNames: [{ DomainName: 'd' }] } },
    {
      DomainStatus: {
        DomainName: 'd',
        ARN: arn('es', 'domain/d'),
        Endpoint: 'search-d.eu-west-1.es.amazonaws.com',
        AccessPolicies: policy('es:ESHttp*', `${arn('es', 'domain/d')}/*`),
      },
    },
  ),
  row(
    'aws opensearchserverless get-security-policy --type network --name NAME',
    {
      'opensearchserverless-list-collections.json': {
        collectionSummaries: [{ arn: arn('aoss', 'collection/1'), id: '1', name: 'logs' }],
      },
    },
    {
      securityPolicyDetail: {
        type: 'network',
        name: 'p',
        policy: [
          { Rules: [{ ResourceType: 'collection', Resource: ['collection/*'] }], AllowFromPublic: true },
        ],
      },
    },
  ),
  row(
    'aws kafka list-clusters',
    {
      ...NET,
      'config.json': config('AWS::MSK::Cluster', arn('kafka', 'cluster/c/1'), 'c', { clusterName: 'c' }),
    },
    {
      ClusterInfoList: [
        {
          ClusterArn: arn('kafka', 'cluster/c/1'),
          ClusterName: 'c',
          BrokerNodeGroupInfo: {
            SecurityGroups: ['sg-1'],
            ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } },
          },
        },
      ],
    },
    'no',
  ),
  row(
    `aws apprunner describe-service --service-arn ${arn('apprunner', 'service/shop/1')}`,
    {
      'apprunner-list-services.json': {
        ServiceSummaryList: [{ ServiceArn: arn('apprunner', 'service/shop/1'), ServiceName: 'shop' }],
      },
    },
    {
      Service: {
        ServiceArn: arn('apprunner', 'service/shop/1'),
        ServiceName: 'shop',
        NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: true } },
      },
    },
  ),
  row(
    'aws sagemaker describe-notebook-instance --notebook-instance-name n',
    {
      'sagemaker-list-notebook-instances.json': {
        NotebookInstances: [
          { NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'), NotebookInstanceName: 'n' },
        ],
      },
    },
    {
      NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'),
      NotebookInstanceName: 'n',
      DirectInternetAccess: 'Enabled',
    },
    'no',
  ),
  row(
    'aws appsync list-graphql-apis',
    { 'config.json': config('AWS::AppSync::GraphQLApi', arn('appsync', 'apis/x'), 'x', { name: 'x' }) },
    {
      graphqlApis: [{ apiId: 'x', name: 'x', arn: arn('appsync', 'apis/x'), authenticationType: 'API_KEY' }],
    },
  ),
  row(
    'aws cloudtrail describe-trails',
    {
      ...BUCKET,
      'config.json': config('AWS::CloudTrail::Trail', arn('cloudtrail', 'trail/main'), 'main', {
        name: 'main',
      }),
    },
    { trailList: [{ Name: 'main', TrailARN: arn('cloudtrail', 'trail/main'), S3BucketName: 'shop' }] },
  ),
  row(
    'aws cloudfront list-distributions',
    { 'config.json': config('AWS::CloudFront::Distribution', DISTRIBUTION, 'E1', { id: 'E1' }) },
    {
      DistributionList: {
        Quantity: 1,
        Items: [{ Id: 'E1', ARN: DISTRIBUTION, Enabled: true, DomainName: 'x.cloudfront.net' }],
      },
    },
  ),
  row(
    'aws globalaccelerator list-accelerators --region us-west-2',
    { 'config.json': config('AWS::GlobalAccelerator::Accelerator', ACCELERATOR, 'fast', { name: 'fast' }) },
    { Accelerators: [{ AcceleratorArn: ACCELERATOR, Name: 'fast', Enabled: false }] },
    'no',
  ),
  row(
    `aws globalaccelerator list-listeners --accelerator-arn ${ACCELERATOR} --region us-west-2`,
    {
      'globalaccelerator-list-accelerators.json': {
        Accelerators: [{ AcceleratorArn: ACCELERATOR, Name: 'fast', Enabled: true }],
      },
    },
    {
      Listeners: [
        {
          ListenerArn: `${ACCELERATOR}/listener/2`,
          Protocol: 'TCP',
          PortRanges: [{ FromPort: 443, ToPort: 443 }],
        },
      ],
    },
  ),
  row(
    'aws lightsail get-instances',
    {
      'lightsail-get-instances.json': {
        instances: [{ name: 'blog', arn: arn('lightsail', 'Instance/1'), networking: {} }],
      },
    },
    {
      instances: [
        {
          name: 'blog',
          arn: arn('lightsail', 'Instance/1'),
          networking: { ports: [{ fromPort: 80, toPort: 80, protocol: 'tcp', cidrs: [EVERY] }] },
        },
      ],
    },
  ),
  row(
    'aws accessanalyzer list-findings --analyzer-arn ARN',
    {
      'sqs-list-queues.json': { QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${A}/jobs`] },
      'sqs-get-queue-attributes.json': {
        Attributes: {
          QueueArn: arn('sqs', 'jobs'),
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: '*',
                Action: 'sqs:SendMessage',
                Resource: '*',
                Condition: { StringEquals: { 'aws:NobodyKnows': 'x' } },
              },
            ],
          }),
        },
      },
    },
    {
      findings: [
        {
          id: 'f',
          resource: arn('sqs', 'jobs'),
          resourceType: 'AWS::SQS::Queue',
          status: 'ACTIVE',
          isPublic: true,
          action: ['sqs:SendMessage'],
          principal: { AWS: '*' },
          analyzedAt: '2026-10-02T00:00:00Z',
          resourceOwnerAccount: A,
        },
      ],
    },
  ),
];

const REST = {
  'apigateway-get-rest-apis.json': { items: [{ id: 'a1', name: 'api', apiKeySource: 'HEADER' }] },
};
const HTTP = {
  'apigatewayv2-get-apis.json': { Items: [{ ApiId: 'a2', Name: 'api', ProtocolType: 'HTTP' }] },
};
const METHODS = {
  items: [
    { id: 'r', path: '/', resourceMethods: { GET: { authorizationType: 'NONE', apiKeyRequired: false } } },
  ],
};
const STAGES = { item: [{ stageName: 'prod' }] };

const API_ROWS: readonly Settled[] = [
  row(
    'aws apigateway get-resources --rest-api-id a1 --embed methods --limit 500 > apigateway-get-resources-a1.json 2>&1',
    { ...REST, 'apigateway-get-stages-a1.json': STAGES },
    METHODS,
  ),
  row(
    'aws apigateway get-stages --rest-api-id a1 > apigateway-get-stages-a1.json 2>&1',
    { ...REST, 'apigateway-get-resources-a1.json': METHODS },
    { item: [] },
    'no',
  ),
  row(
    'aws apigatewayv2 get-routes --api-id a2 > apigatewayv2-get-routes-a2.json 2>&1',
    { ...HTTP, 'apigatewayv2-get-stages-a2.json': { Items: [{ StageName: '$default' }] } },
    { Items: [{ RouteKey: 'GET /', AuthorizationType: 'NONE' }] },
  ),
  row(
    'aws apigatewayv2 get-stages --api-id a2 > apigatewayv2-get-stages-a2.json 2>&1',
    {
      ...HTTP,
      'apigatewayv2-get-routes-a2.json': { Items: [{ RouteKey: 'GET /', AuthorizationType: 'NONE' }] },
    },
    { Items: [{ StageName: '$default' }] },
  ),
  row(
    'aws apigateway get-domain-names, and of each aws apigateway get-base-path-mappings --domain-name DOMAIN > apigateway-get-base-path-mappings-DOMAIN.json 2>&1',
    {
      'apigateway-get-rest-apis.json': {
        items: [{ id: 'a1', name: 'api', apiKeySource: 'HEADER', disableExecuteApiEndpoint: true }],
      },
      'apigateway-get-stages-a1.json': STAGES,
      'apigateway-get-resources-a1.json': METHODS,
    },
    {
      'apigateway-get-domain-names.json': { items: [{ domainName: 'api.example.com' }] },
      'apigateway-get-base-path-mappings-api.example.com.json': {
        items: [{ basePath: '(none)', restApiId: 'a1', stage: 'prod' }],
      },
    },
  ),
];

/** Questions of services of AWS that stand in no network. */
export const AWS_SERVICES_SETTLED: readonly Settled[] = [...SERVICE_ROWS, ...API_ROWS];
