import { describe, expect, test } from 'vitest';
import type { ResourceDescription } from './resource-description.ts';
import { identifyResource, type Naming, repositoryName } from './resource-key.ts';

const NAMING: Naming = { sourceId: 'trivy', cluster: null, repository: null, artifact: null };
const key = (description: ResourceDescription, naming: Naming = NAMING) =>
  identifyResource(description, naming).key;

describe('images', () => {
  test.each([
    ['redis', true, 'image:docker.io/library/redis'],
    ['index.docker.io/library/redis:7', true, 'image:docker.io/library/redis'],
    [`docker.io/redis@sha256:${'a'.repeat(64)}`, true, 'image:docker.io/library/redis'],
    ['grafana/grafana:10', true, 'image:docker.io/grafana/grafana'],
    ['registry.example.com:5000/Shop/Cart:1.2', false, 'image:registry.example.com:5000/shop/cart'],
    ['localhost/app', false, 'image:localhost/app'],
    ['shop:dev', false, 'image:@trivy/shop'],
    [`sha256:${'c'.repeat(64)}`, true, `image:@trivy/sha256:${'c'.repeat(64)}`],
    [
      `arn:aws:ecr:eu-west-1:123456789012:repository/shop/cart/sha256:${'b'.repeat(64)}`,
      false,
      'image:123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
    ],
  ])('%s (in a registry: %s) is %s', (reference, inRegistry, expected) => {
    expect(key({ kind: 'image', reference, inRegistry })).toBe(expected);
  });

  test('of several names it is the one that the scan was asked for, else the smallest', () => {
    const tags = ['registry.example.com/shop:2', 'registry.example.com/cart:3', 'registry.example.com/pay:1'];
    const image = (reference: string) => key({ kind: 'image', reference, tags });
    expect(image('registry.example.com/shop:2')).toBe('image:registry.example.com/shop');
    expect(image('')).toBe('image:registry.example.com/cart');
  });
});

test.each([
  ['git@github.com:Acme/Shop.git', 'github.com/acme/shop'],
  ['https://user:secret@github.com/acme/shop/', 'github.com/acme/shop'],
  ['ssh://git@git.example.com:2222/acme/shop.git', 'git.example.com:2222/acme/shop'],
  ['github.com/acme/shop', 'github.com/acme/shop'],
  ['https://user:s@cr@t@github.com/acme/shop', 'github.com/acme/shop'],
  ['https://user:s@cret@git.example.com:8443/acme/shop', 'git.example.com:8443/acme/shop'],
  ['https://me@example.com@github.com/acme/shop', 'github.com/acme/shop'],
  ['user:s@cret@github.com/acme/shop', 'github.com/acme/shop'],
  ['git@github.com:acme@corp/shop', 'github.com/acme@corp/shop'],
  ['https://github.com/acme/shop@v1', 'github.com/acme/shop@v1'],
])('the repository %s is %s', (address, expected) => {
  expect(repositoryName(address)).toBe(expected);
});

test('an absent name belongs to its source, so two sources never meet by it', () => {
  expect(key({ kind: 'repository', name: null })).toBe('repo:@trivy');
  expect(key({ kind: 'repository', name: null }, { ...NAMING, sourceId: 'grype' })).toBe('repo:@grype');
  expect(key({ kind: 'artifact', name: './shop' })).toBe('artifact:@trivy/./shop');
});

test('files without a name are what somebody named them, else the repository that somebody named', () => {
  const named = { ...NAMING, repository: 'git.example.com/Acme/Shop' };
  expect(identifyResource({ kind: 'artifact', name: null }, named)).toEqual({
    kind: 'repository',
    key: 'repo:git.example.com/acme/shop',
    name: 'git.example.com/acme/shop',
  });
  expect(key({ kind: 'artifact', name: null }, { ...named, artifact: 'cart' })).toBe('artifact:cart');
  expect(key({ kind: 'artifact', name: 'web' }, named)).toBe('artifact:@trivy/web');
});

test.each([
  [
    'arn:AWS:Lambda:EU-west-1:123456789012:function:Pay:$LATEST',
    'aws:arn:aws:lambda:eu-west-1:123456789012:function:Pay',
  ],
  [
    'arn:aws:lambda:eu-west-1:123456789012:function:Pay:7',
    'aws:arn:aws:lambda:eu-west-1:123456789012:function:Pay',
  ],
  ['arn:aws:ec2:eu-west-1:123456789012:image/ami-1', 'aws:arn:aws:ec2:eu-west-1::image/ami-1'],
  ['arn:aws:apigateway:eu-west-1:123456789012:/apis/a', 'aws:arn:aws:apigateway:eu-west-1::/apis/a'],
  ['arn:aws:ec2:eu-west-1:123456789012:snapshot/snap-1', 'aws:arn:aws:ec2:eu-west-1::snapshot/snap-1'],
  [
    'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0b6b2a5e:autoScalingGroupName/Web',
    'aws:arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup::autoScalingGroupName/Web',
  ],
  [
    'arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0b6b2a5e:autoScalingGroupName/Web:policyName/up',
    'aws:arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0b6b2a5e:autoScalingGroupName/Web:policyName/up',
  ],
  ['arn:aws:s3:::Bucket-Name', 'aws:arn:aws:s3:::Bucket-Name'],
  ['arn:aws:sns:eu-west-1:123456789012:Orders:Sub:7', 'aws:arn:aws:sns:eu-west-1:123456789012:Orders:Sub:7'],
  [
    'arn:aws:dlm:eu-west-1:123456789012:snapshot/snap-1',
    'aws:arn:aws:dlm:eu-west-1:123456789012:snapshot/snap-1',
  ],
  [
    'arn:aws:codedeploy:eu-west-1:123456789012:autoScalingGroup:0b6b2a5e:autoScalingGroupName/Web',
    'aws:arn:aws:codedeploy:eu-west-1:123456789012:autoScalingGroup:0b6b2a5e:autoScalingGroupName/Web',
  ],
  [
    'arn:aws:ecr:eu-west-1:123456789012:repository/shop',
    'aws:arn:aws:ecr:eu-west-1:123456789012:repository/shop',
  ],
  ['terraform:shop#aws_s3_bucket.logs', 'terraform:shop#aws_s3_bucket.logs'],
])('the cloud object %s is %s', (id, expected) => {
  expect(key({ kind: 'cloud', provider: 'aws', id })).toBe(expected);
});

test.each<[ResourceDescription, string]>([
  [{ kind: 'cloud', provider: 'azure', id: '/subscriptions/S1/x/Y' }, 'azure:/subscriptions/s1/x/y'],
  [{ kind: 'cloud', provider: 'gcp', id: '//a.googleapis.com/B' }, 'gcp://a.googleapis.com/B'],
  [{ kind: 'cloud', provider: 'aws', id: 'web', account: '1', region: 'r', type: 't' }, 'aws:1/r/t/web'],
  [{ kind: 'cloud', provider: 'aws', id: 'web' }, 'aws:@trivy///web'],
  [
    {
      kind: 'cloud',
      provider: 'aws',
      id: `arn:aws:ecr:eu-west-1:123456789012:repository/shop/sha256:${'b'.repeat(64)}`,
    },
    'image:123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop',
  ],
  [{ kind: 'account', provider: 'aws', account: '1', region: 'eu-west-1' }, 'aws:account/1/eu-west-1'],
  [{ kind: 'account', provider: 'aws', account: '1' }, 'aws:account/1/'],
  [{ kind: 'endpoint', url: 'https://shop.example.com/a?b' }, 'endpoint:https://shop.example.com:443'],
  [{ kind: 'endpoint', url: 'http://shop.example.com/' }, 'endpoint:http://shop.example.com:80'],
  [{ kind: 'endpoint', url: 'https://shop.example.com:8443/a' }, 'endpoint:https://shop.example.com:8443'],
  [{ kind: 'endpoint', url: 'http://shop.example.com:8080' }, 'endpoint:http://shop.example.com:8080'],
  [{ kind: 'endpoint', url: 'no address' }, 'endpoint:no address'],
  [{ kind: 'artifact', name: 'pkg:npm/shop@1.0.0' }, 'artifact:pkg:npm/shop@1.0.0'],
])('%j is %s', (description, expected) => {
  expect(key(description)).toBe(expected);
});

test.each<[ResourceDescription, string, string]>([
  [{ kind: 'artifact', name: null }, 'artifact:@trivy', 'files of trivy'],
  [{ kind: 'account', provider: 'aws', account: '1' }, 'aws:account/1/', '1'],
  [
    { kind: 'account', provider: 'aws', account: '1', region: 'eu-west-1' },
    'aws:account/1/eu-west-1',
    '1 eu-west-1',
  ],
  [{ kind: 'endpoint', url: 'no address' }, 'endpoint:no address', 'no address'],
  [
    { kind: 'kubernetes', cluster: null, group: '', objectKind: 'Node', namespace: '', name: 'n' },
    'k8s:@trivy//Node//n',
    'Node n',
  ],
  [
    { kind: 'kubernetes', cluster: null, group: '', objectKind: 'Pod', namespace: 'shop', name: 'web' },
    'k8s:@trivy//Pod/shop/web',
    'Pod shop/web',
  ],
])('%j has its kind, its key and a name', (description, expected, name) => {
  expect(identifyResource(description, NAMING)).toEqual({ kind: description.kind, key: expected, name });
});

test('a cluster is named by a person, an ARN or a UID; a context name only within its source', () => {
  const workload = {
    kind: 'kubernetes',
    group: 'apps',
    objectKind: 'Deployment',
    namespace: 'shop',
    name: 'web',
  } as const;
  expect(key({ ...workload, cluster: 'minikube' })).toBe('k8s:@trivy:minikube/apps/Deployment/shop/web');
  expect(key({ ...workload, cluster: null })).toBe('k8s:@trivy/apps/Deployment/shop/web');
  expect(key({ ...workload, cluster: 'minikube' }, { ...NAMING, cluster: 'prod' })).toBe(
    'k8s:prod/apps/Deployment/shop/web',
  );
  for (const cluster of [
    'arn:aws:eks:eu-west-1:1:cluster/a',
    '6c56b5f9-0000-4000-8000-1234567890ab',
    '//container.googleapis.com/projects/p/locations/l/clusters/a',
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/a',
  ])
    expect(key({ ...workload, cluster })).toBe(`k8s:${cluster}/apps/Deployment/shop/web`);
});

test('an address or a bare host name is known only within its source', () => {
  expect(key({ kind: 'host', name: '10.0.0.1' })).toBe('host:@trivy/10.0.0.1');
  expect(key({ kind: 'host', name: 'web-1' })).toBe('host:@trivy/web-1');
  for (const name of ['fe80::1', 'web-1.local', 'ip-10-0-0-1.eu-west-1.compute.internal'])
    expect(key({ kind: 'host', name })).toBe(`host:@trivy/${name}`);
  expect(key({ kind: 'host', name: 'Web-1.example.com' })).toBe('host:web-1.example.com');
  expect(key({ kind: 'host', name: 'web-1', instanceId: 'i-0abc' })).toBe('host:i-0abc');
});
