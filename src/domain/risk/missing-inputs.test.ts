import { expect, test } from 'vitest';
import { type Lack, missingInputs } from './missing-inputs.ts';

const lack = (told: string, resources: number, risk: Lack['risk'] = 'publicly_accessible'): Lack => ({
  risk,
  told,
  resources,
});

test.each<[string, readonly Lack[], ReturnType<typeof missingInputs>]>([
  ['nothing', [], []],
  [
    'one command for several things, named after what most lack',
    [
      lack('route tables of vpc-1: aws ec2 describe-route-tables', 2),
      lack('route tables of vpc-2: aws ec2 describe-route-tables', 5),
      lack('route tables of vpc-2: aws ec2 describe-route-tables', 1),
    ],
    [
      {
        risk: 'publicly_accessible',
        what: 'route tables of vpc-2',
        others: 1,
        command: 'aws ec2 describe-route-tables',
        resources: 8,
      },
    ],
  ],
  [
    'no command where none is told, and risks apart, most resources first',
    [lack('an inventory of its cluster', 1), lack('an inventory of its cluster', 9, 'privileged_access')],
    [
      {
        risk: 'privileged_access',
        what: 'an inventory of its cluster',
        others: 0,
        command: null,
        resources: 9,
      },
      {
        risk: 'publicly_accessible',
        what: 'an inventory of its cluster',
        others: 0,
        command: null,
        resources: 1,
      },
    ],
  ],
  [
    'the list of inventories where any would do',
    [lack('an inventory that describes this resource ("security-inbox formats" lists the commands)', 1)],
    [
      {
        risk: 'publicly_accessible',
        what: 'an inventory that describes this resource',
        others: 0,
        command: 'security-inbox formats',
        resources: 1,
      },
    ],
  ],
  [
    'a colon before words that are no command',
    [lack('the condition aws:SourceIp: its value', 1)],
    [
      {
        risk: 'publicly_accessible',
        what: 'the condition aws:SourceIp: its value',
        others: 0,
        command: null,
        resources: 1,
      },
    ],
  ],
])('%s', (_, lacks, inputs) => {
  expect(missingInputs(lacks, 20)).toEqual(inputs);
});

test('lists no more than asked for', () => {
  expect(missingInputs([lack('a', 1), lack('b', 3), lack('c', 2)], 2).map(({ what }) => what)).toEqual([
    'b',
    'c',
  ]);
});
