import { expect, test } from 'vitest';
import { consoleLink } from './console-link.ts';

test.each<[string, string | null]>([
  [
    'aws:arn:aws:iam::111111111111:role/web',
    'https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fweb',
  ],
  ['aws:arn:aws-cn:iam::111111111111:role/web', null],
  [
    'azure:/subscriptions/1/resourcegroups/a b',
    'https://portal.azure.com/#resource/subscriptions/1/resourcegroups/a%20b',
  ],
  ['k8s:shop//Pod/shop/web', null],
  ['internet', null],
])('%s', (key, link) => {
  expect(consoleLink(key)).toBe(link);
});
