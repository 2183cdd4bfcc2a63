import { expect, test } from 'vitest';
import { clusterService } from './gcp-cluster-service.ts';

test.each<[description: string | undefined, expected: unknown]>([
  [
    '{"cluster-uid":"u","namespace":"shop","service-name":"web","port":"80"}',
    { service: 'shop/web', port: '80' },
  ],
  ['{"cluster-uid":"u","namespace":"shop","service-name":"web"}', { service: 'shop/web' }],
  [
    '{"kubernetes.io/service-name":"shop/web","kubernetes.io/service-port":"80","x-features":["NEG"]}',
    { service: 'shop/web', port: '80' },
  ],
  ['{"cluster-uid":"u","service-name":"web"}', null],
  ['made by hand for service-name web', null],
  ['["service-name"]', null],
  ['{"namespace":"shop"}', null],
  [`{"namespace":"shop","service-name":"web"${' '.repeat(4_000)}}`, null],
  [undefined, null],
])('%j', (description, expected) => {
  expect(clusterService({ description })).toEqual(expected);
});
